// schemathesis sends what the OpenAPI document allows and what it forbids, and compares every response with the document.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { pythonWith } from '@almanac/testkit';
import { Client } from '../client.ts';
import { Stack, ownTest as test } from '../stack.ts';

const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'downloads schemathesis for Python; set ALMANAC_TEST_ALL=1 to run it';

test('schemathesis finds nothing', { skip, timeout: 280_000 }, async (t) => {
  t.diagnostic('installing schemathesis by pip into a temporary folder');
  const python = pythonWith('schemathesis==4.32.5');
  if ('skip' in python) return t.skip(python.skip);
  const folder = mkdtempSync(join(tmpdir(), 'almanac-contract-'));
  execFileSync(join(import.meta.dirname, '../../../almanac'), ['samples', folder]);
  const source = (profile: string, file: string) => `${profile}=${join(folder, file)}`;
  const sources = [source('meteorites', 'meteorites.csv'), source('iss', 'iss.xml'), source('turbidity', 'turbidity.json')];
  const stack = new Stack({ ALMANAC_SOURCES: sources.join() });
  after(async () => {
    await stack.end();
    python.end();
    rmSync(folder, { recursive: true, force: true });
  });
  await stack.start();
  const client = new Client(stack.url);
  for (const file of ['meteorites.csv', 'iss.xml', 'turbidity.json', 'degrees.json', 'mars.json'])
    await client.put(`/v1/datasets/${file.replace(/\..*/, '')}`, readFileSync(join(folder, file), 'utf8'));

  const { status, output } = await python.start([
    '-m',
    'schemathesis.cli',
    '--config-file',
    join(import.meta.dirname, 'schemathesis.toml'),
    'run',
    `${stack.url}/openapi.json`,
    ...['--url', stack.url, '--max-examples', '20', '--seed', '1', '--request-timeout', '20', '--no-color'],
    // A stream of events has no end.
    ...['--exclude-path-regex', '/events$'],
  ]);
  assert.equal(status, 0, output);
});
