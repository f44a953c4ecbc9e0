// The black-box suite against the composed system: images, network, volume and door as a user of infra/compose.yaml has them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { freePort } from '@almanac/testkit';
import { containersHere } from '../images/container-runner.ts';
import { root } from '../system/places.ts';
import { run } from '../system/run.ts';
import { runTestFiles } from '../test/node-tests.ts';
import { findComposeRunner } from './runner.ts';

const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'builds images and runs them by compose; set ALMANAC_TEST_ALL=1 to run it';
const folder = mkdtempSync(join(tmpdir(), 'almanac-composed-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Those that need nothing but the public door. */
const files = ['bad-input', 'chain', 'contracts', 'course-real-data', 'jobs', 'real-data'].map((name) => `acceptance/src/${name}.test.ts`);

test('the containers pass the acceptance suite, and keep their data over down and up', { skip, timeout: 1_200_000 }, async (t) => {
  const here = await containersHere();
  if ('skip' in here) return t.skip(here.skip);
  const runner = await findComposeRunner().catch(() => undefined);
  if (runner === undefined) return t.skip('nothing here runs compose files (docker compose, docker-compose or podman-compose)');

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { NODE_TEST_CONTEXT: _, ...outer } = process.env;
  const env = { ...outer, ALMANAC_PORT: String(port), COMPOSE_PROJECT_NAME: `almanac-test-${process.pid}` };
  const compose = async (...args: string[]) => {
    const standIns = args[0] === 'up' && here.base !== undefined ? ['--base-from-debian'] : [];
    return await run(join(root, 'almanac'), ['compose', ...args, '--settings', join(folder, '.env'), ...standIns], env);
  };
  try {
    const up = await compose('up');
    assert.ok(up.ok, up.output);
    const verdicts = await runTestFiles(files, { ...env, ALMANAC_URL: url });
    const failed = verdicts.filter(({ outcome }) => outcome === 'failed');
    assert.deepEqual(failed, []);
    for (const { outcome, name, detail } of verdicts) if (outcome === 'skipped') t.diagnostic(`skipped: ${name}: ${detail}`);
    assert.ok(verdicts.filter(({ outcome }) => outcome === 'passed').length > 60, 'most of the suite ran');

    const put = await fetch(`${url}/v1/datasets/kept`, { method: 'PUT', headers: { 'content-type': 'text/csv' }, body: 'id,a\n1,2\n' });
    assert.equal(put.status, 201);
    assert.ok((await compose('down')).ok);
    const again = await compose('up');
    assert.ok(again.ok, again.output);
    assert.deepEqual(((await (await fetch(`${url}/v1/datasets/kept`)).json()) as { rows: number }).rows, 1);
    const status = await compose('status');
    assert.ok(status.ok, status.output);
  } finally {
    await compose('down', '--volumes');
  }
});
