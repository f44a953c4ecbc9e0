// schemathesis sends valid and invalid requests for the OpenAPI document, and compares every response with the document.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { pythonWith } from '@almanac/testkit';
import { Client } from '../client.ts';
import { Stack, ownTest as test } from '../stack.ts';

const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'downloads schemathesis for Python; set ALMANAC_TEST_ALL=1 to run it';

/** Shifts the days of the sample to those of the document's examples: the ephemeris of the sample starts on the current day. */
function asIn2024(ephemeris: string): string {
  const day = /\d{4}-\d{3}(?=T)/g;
  const days = [...new Set(ephemeris.match(day))].sort();
  return ephemeris.replace(day, (one) => `2024-0${51 + days.indexOf(one)}`);
}

const genes =
  'hgnc_id\tsymbol\tname\tstatus\nHGNC:5\tA1BG\talpha-1-B glycoprotein\tApproved\nHGNC:37133\tA1BG-AS1\tA1BG antisense RNA 1\tApproved\n';

/** Sources for the routes that load their own data, so that no request of the test uses the network. */
function sources(folder: string): string {
  execFileSync(join(import.meta.dirname, '../../../almanac'), ['samples', folder]);
  writeFileSync(join(folder, 'iss.xml'), asIn2024(readFileSync(join(folder, 'iss.xml'), 'utf8')));
  writeFileSync(join(folder, 'genes.tsv'), genes);
  const files = ['meteorites.csv', 'iss.xml', 'turbidity.json', 'genes.tsv'];
  return files.map((file) => `${file.split('.')[0]}=${join(folder, file)}`).join();
}

// One worker, because schemathesis itself uses the time, and its generators sometimes fail with two threads. Six examples for each operation,
// beside those of the document and of the coverage phase, take 3 minutes on two busy cores.
const options = ['--workers', '1', '--max-examples', '6', '--seed', '1', '--request-timeout', '20', '--no-color'];

test('schemathesis finds nothing', { skip, timeout: 280_000 }, async (t) => {
  t.diagnostic('installing schemathesis by pip into a temporary folder');
  const python = pythonWith('schemathesis==4.32.5');
  if ('skip' in python) return t.skip(python.skip);
  const folder = mkdtempSync(join(tmpdir(), 'almanac-contract-'));
  const stack = new Stack({ ALMANAC_SOURCES: sources(folder) });
  after(async () => {
    await stack.end();
    python.end();
    rmSync(folder, { recursive: true, force: true });
  });
  await stack.start();
  const client = new Client(stack.url);
  for (const file of ['meteorites.csv', 'iss.xml', 'turbidity.json', 'degrees.json', 'mars.json', 'genes.tsv'])
    await client.put(`/v1/datasets/${file.replace(/\..*/, '')}`, readFileSync(join(folder, file), 'utf8'));

  const config = ['--config-file', join(import.meta.dirname, 'schemathesis.toml')];
  const where = [`${stack.url}/openapi.json`, '--url', stack.url];
  // A stream of events has no end.
  const streams = ['--exclude-path-regex', '/events$'];
  // It writes files into its working directory.
  const { status, output } = await python.start(['-m', 'schemathesis.cli', ...config, 'run', ...where, ...streams, ...options], folder);
  t.diagnostic(/\d+ generated.*/.exec(output)?.[0].trim() ?? '');
  assert.equal(status, 0, output);
});
