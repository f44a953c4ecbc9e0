// The clients of examples/, each as a person runs it. The workers are run by jobs.test.ts and own-worker.all.test.ts.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { pngSize } from './client.ts';
import { Stack, ownTest as test } from './stack.ts';

const run = promisify(execFile);
const clients = join(import.meta.dirname, '../../examples/clients');
const records = join(clients, 'landings.csv');
const folder = mkdtempSync(join(tmpdir(), 'almanac-examples-'));
const stack = new Stack();
before(async () => {
  await stack.start();
});
after(async () => {
  await stack.end();
  rmSync(folder, { recursive: true });
});

/** How each client is started, and what it prints before the name of the picture. */
const programs = {
  'plot.sh': { command: 'bash', prints: /^records from 1950 on:\r?\nname,year\r?\nAarhus,1951\r?\nBrokvale,1952\r?\nAlba,1976\r?\n/ },
  'plot.py': { command: 'python3', prints: /^Brokvale 107000\nAlba 1914\nBeeler 4239\n/ },
  'plot.mjs': { command: process.execPath, prints: /^loaded 8 records\n(.+\n)*complete 100\n/ },
} as const;

for (const [name, { command, prints }] of Object.entries(programs)) {
  test(`examples/clients/${name} loads, queries, draws and saves`, async (t) => {
    const picture = join(folder, `${name}.${name === 'plot.mjs' ? 'svg' : 'png'}`);
    const env = { ...process.env, API: stack.url, ALMANAC_WRITE_TOKEN: undefined };
    const { stdout } = await run(command, [join(clients, name), records, picture], { env }).catch((error) => {
      if (error.code === 'ENOENT') return { stdout: undefined };
      throw error;
    });
    if (stdout === undefined) return t.skip(`${command} is not on this machine`);
    assert.match(stdout, prints);
    assert.ok(stdout.endsWith(`saved ${picture}\n`), stdout);
    const bytes = readFileSync(picture);
    if (picture.endsWith('.svg')) assert.match(bytes.toString(), /^<svg /);
    else assert.ok(pngSize(bytes).width > 0);
  });
}

test('no client is left out', () => {
  assert.deepEqual(readdirSync(clients).sort(), ['landings.csv', ...Object.keys(programs)].sort());
});

test('an example reports why a request was rejected, and ends with an error', async () => {
  const env = { ...process.env, API: stack.url, ALMANAC_WRITE_TOKEN: undefined };
  const failing = run(process.execPath, [join(clients, 'plot.mjs'), join(clients, 'plot.py')], { env });
  await assert.rejects(failing, ({ code, stderr }) => code === 1 && /POST \/v1\/jobs: .*'reclong'/.test(stderr));
});
