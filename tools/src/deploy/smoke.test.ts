// The smoke test against the real services, and against a closed port.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { State } from '../supervisor/state.ts';
import { root } from '../system/places.ts';
import { freeBase } from '../up/free-base.ts';
import { checkPng, smoke } from './smoke.ts';

const run = promisify(execFile);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'almanac-smoke-')));
const { NODE_TEST_CONTEXT: _, ...outside } = process.env;
const env = { ...outside, ALMANAC_HOME: join(folder, 'home'), REDIS_URL: '' };
const almanac = (...args: string[]) => run(join(root, 'almanac'), args, { cwd: folder, env });
const state = () => JSON.parse(readFileSync(join(folder, 'home/run/state.json'), 'utf8')) as State;
const output: string[] = [];
const out = { line: (text = '') => void output.push(text), progress: () => {} };
const patience = (timeoutMs = 60_000) => ({ token: undefined, timeoutMs, out });

before(async () => void (await almanac('up', '--detach', '--no-samples', '--port', String(await freeBase()))));
after(async () => {
  await almanac('down');
  rmSync(folder, { recursive: true, force: true });
});

test('the smoke test loads, reads and draws, and leaves no data set', async () => {
  const { url } = state();
  await smoke(url, patience());
  assert.match(output.join('\n'), /smoke test passed: loaded, read, drawn \(PNG, \d+ bytes\) in/);
  assert.deepEqual(((await (await fetch(`${url}/v1/datasets`)).json()) as { items: unknown[] }).items, []);
});

test('a failure names its step', async () => {
  await assert.rejects(smoke('http://127.0.0.1:1', patience(1_000)), /smoke test failed to load a data set: Nothing listens at/);
  assert.throws(() => checkPng(Buffer.from('GIF89a')), /failed to get the picture: got not a PNG, 6 bytes, expected 320 x 200/);
});
