// The real services, started as a person starts them: what `up` prints is typed in, word for word, and has to work.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { JobRecord } from '../client/client.ts';
import { root } from '../system/places.ts';
import { freeBase } from './free-base.ts';

const run = promisify(execFile);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'almanac-real-')));
const { NODE_TEST_CONTEXT: _, ...outside } = process.env;
const env = { ...outside, ALMANAC_HOME: join(folder, 'home'), REDIS_URL: '' };
const sh = async (line: string) => (await run('sh', ['-c', line], { cwd: folder, env, maxBuffer: 1 << 26 })).stdout;
const almanac = (...args: string[]) => run(join(root, 'almanac'), args, { cwd: folder, env });
const isPng = (file: string) => readFileSync(join(folder, file)).subarray(1, 4).toString() === 'PNG';

let output = '';
let commands: string[] = [];
before(async () => {
  output = (await almanac('up', '--detach', '--port', String(await freeBase()))).stdout;
  commands = output
    .split('\n')
    .filter((line) => /^ {2}(curl |\S*almanac )/.test(line))
    .map((line) => line.trim());
});
after(async () => {
  await almanac('down');
  rmSync(folder, { recursive: true, force: true });
});

test('the samples are loaded and drawn', () => {
  assert.match(output, /turbidity: Water quality, hourly \(simulated\), 370 records; plot in/);
  assert.match(output, /meteorites: Meteorite landings \(simulated\), 1,000 records; plot in/);
  for (const id of ['iss', 'turbidity', 'meteorites', 'degrees', 'mars']) assert.ok(isPng(`home/plots/${id}.png`), id);
});

test('each of the five commands works as printed', async () => {
  assert.equal(commands.length, 5);
  const [list, records, job, file, plot] = commands as [string, string, string, string, string];
  const { items } = JSON.parse(await sh(list)) as { items: { id: string }[] };
  assert.deepEqual(items.map(({ id }) => id).sort(), ['degrees', 'iss', 'mars', 'meteorites', 'turbidity']);

  const found = (JSON.parse(await sh(records)) as { items: Record<string, unknown>[] }).items;
  assert.equal(found.length, 3);
  for (const record of found) assert.ok(record.recclass === 'L6' && Number(record['mass (g)']) >= 1000, JSON.stringify(record));

  const { status, results } = JSON.parse(await sh(job)) as JobRecord;
  assert.equal(status, 'complete');
  assert.match(await sh(`curl -s '${new URL(results.svg?.href ?? '', /http:\S+?(?=\/v1)/.exec(list)?.[0]).href}'`), /^<(\?xml|svg)/);

  await sh(file);
  assert.equal(readFileSync(join(folder, 'turbidity.csv'), 'utf8').trimEnd().split('\n').length, 371);

  const drawn = await sh(plot);
  assert.ok(isPng('l6.png'));
  assert.match(drawn, /Data +meteorites .*: 1,000 records of 7 columns read as csv/);
  assert.match(drawn, /Plot +l6\.png \(\d+ kB\)/);
});

test('the curl lines that plot prints do the same', async () => {
  await sh(commands[3] as string);
  const { stdout } = await almanac(
    'plot',
    'turbidity.csv',
    '--id',
    'again',
    '--where',
    'turbidity>=1',
    '--title',
    "It's 5 o'clock",
    '-o',
    "it's.png",
  );
  const lines = stdout.split('\n').filter((line) => line.startsWith('  curl '));
  assert.equal(lines.length, 3);
  rmSync(join(folder, "it's.png"));
  const [upload, job] = [await sh(lines[0] as string), await sh(lines[1] as string)];
  assert.equal((JSON.parse(upload) as { dataset: string }).dataset, 'again');
  assert.equal((JSON.parse(job) as JobRecord).status, 'complete');
  await sh(lines[2] as string);
  assert.ok(isPng("it's.png"));
});

test('a second start finds the samples and does not change other data sets', async () => {
  const port = /:(\d+)\b/.exec(output)?.[1] as string;
  await sh(
    `printf 'a,b\\n1,2\\n' > own.csv && curl -gsSf -T own.csv -H 'Content-Type: text/csv' http://127.0.0.1:${port}/v1/datasets/turbidity`,
  );
  await almanac('down');
  const again = (await almanac('up', '-d', '--port', port)).stdout;
  assert.match(again, /meteorites: .*1,000 records \(already loaded\)/);
  assert.match(again, /turbidity: a data set that this checkout did not load has this id; left unchanged/);
});

test('the errors of the services are shown', async () => {
  await sh(`printf 'a,b\\n' > empty.csv && printf 'a,b\\n1,2\\n3,4\\n' > small.csv`);
  const failing = async (...args: string[]) =>
    almanac('plot', ...args).then(
      () => assert.fail('it worked'),
      (error: { code: number; stderr: string }) => error,
    );
  const empty = await failing('empty.csv');
  assert.equal(empty.code, 1);
  assert.match(empty.stderr, /^The data set has no records: /);
  const column = await failing('small.csv', '--type', 'scatter', '--x', 'a', '--y', 'bb');
  assert.match(column.stderr, /'bb'.*did you mean 'b'/);
  assert.equal((await failing('small.csv', '--where', 'c=1')).code, 2);
});
