// The client of docs/course, against a start as a person makes it. Needs python3 and what pip downloads into a folder that is removed again.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { pythonWith } from '@almanac/testkit';
import { root } from '../system/places.ts';
import { freeBase } from '../up/free-base.ts';

const run = promisify(execFile);
const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'downloads requests and pytest for Python; set ALMANAC_TEST_ALL=1 to run it';

test('the course’s client passes against the samples, and passes again', { skip }, async (t) => {
  t.diagnostic('installing requests and pytest by pip into a temporary folder');
  const python = pythonWith('requests', 'pytest');
  if ('skip' in python) return t.skip(python.skip);
  after(() => python.end());

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'almanac-client-')));
  const { NODE_TEST_CONTEXT: _, ...outside } = process.env;
  const almanac = (...args: string[]) =>
    run(join(root, 'almanac'), args, { cwd: folder, env: { ...outside, ALMANAC_HOME: join(folder, 'home'), REDIS_URL: '' } });
  after(async () => {
    await almanac('down');
    rmSync(folder, { recursive: true, force: true });
  });
  const port = await freeBase();
  await almanac('up', '--detach', '--port', String(port));

  const client = join(root, 'docs/course/test_client.py');
  for (const time of ['first', 'second']) {
    const { status, output } = python.run(['-m', 'pytest', '-q', '-p', 'no:cacheprovider', client], {
      cwd: folder,
      env: { BASE: `http://127.0.0.1:${port}` },
    });
    assert.equal(status, 0, `the ${time} run:\n${output}`);
    assert.match(output, /\b\d\d passed in /);
    assert.doesNotMatch(output, /skipped|xfailed/);
  }
});
