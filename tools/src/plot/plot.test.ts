import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { formats } from '@almanac/formats';
import { readOptions } from '../system/options.ts';
import { plotInputs, plotOptions } from './inputs.ts';
import { kindOf } from './media-type.ts';
import { outputFor } from './output.ts';
import { parseWhere } from './where.ts';

const columns = [
  { name: 'recclass', type: 'string' },
  { name: 'mass', type: 'number' },
  { name: 'mass (g)', type: 'number' },
  { name: 'year', type: 'integer' },
  { name: 'fell', type: 'boolean' },
  { name: 'a>=b', type: 'string' },
];
const where = (...expressions: string[]) => parseWhere(expressions, columns);

test('filters are read against the columns, typed as the column is', () => {
  assert.deepEqual(where('recclass=L6'), { recclass: 'L6' });
  assert.deepEqual(where('mass (g)>=1000', 'mass (g)<2e6'), { 'mass (g)': { gte: 1000, lt: 2_000_000 } });
  assert.deepEqual(where('mass>5'), { mass: { gt: 5 } });
  assert.deepEqual(where('year != 1990'), { year: { ne: 1990 } });
  assert.deepEqual(where('fell=TRUE'), { fell: true });
  assert.deepEqual(where('recclass=2003'), { recclass: '2003' }, 'text stays text');
  assert.deepEqual(where('recclass=a=b>c'), { recclass: 'a=b>c' });
  assert.deepEqual(where('recclass=Iron, IIIAB', 'recclass=L6'), { recclass: ['Iron, IIIAB', 'L6'] });
  assert.deepEqual(where('recclass~L*'), { recclass: { like: 'L*' } });
  assert.deepEqual(where('year='), { year: null });
  assert.deepEqual(where('a>=b=x'), { 'a>=b': 'x' });
});

test('a filter that makes no sense says why', () => {
  assert.throws(() => where('recclas=L6'), /no column 'recclas'; did you mean recclass\?/);
  assert.throws(() => where('qqqqqq=1'), /there are: recclass, mass/);
  assert.throws(() => where('recclass'), /write column=value/);
  assert.throws(() => where('year>1', 'year>2'), /such a comparison already/);
  assert.throws(() => where('year=1', 'year>2'), /cannot both hold/);
});

test('options become the inputs of a job', () => {
  const args = [
    '--x',
    'year',
    '--y',
    'mass',
    '--y',
    'mass (g)',
    '--where',
    'fell=true',
    '--bins',
    '12',
    '--set',
    'logX=true',
    '--set',
    'note=a b',
  ];
  assert.deepEqual(plotInputs(readOptions(args, plotOptions, 1), 'm', columns), {
    dataset: 'm',
    where: { fell: true },
    x: 'year',
    y: ['mass', 'mass (g)'],
    bins: 12,
    logX: true,
    note: 'a b',
  });
  assert.deepEqual(plotInputs(readOptions(['--y', 'mass'], plotOptions), 'm', columns), { dataset: 'm', y: 'mass' });
  assert.throws(() => plotInputs(readOptions(['--set', 'x'], plotOptions), 'm', columns), /NAME=VALUE/);
});

test("a file's name gives its format and the id of the data set", async () => {
  assert.deepEqual(await kindOf('a/Meteorite Landings.csv'), {
    headers: { 'Content-Type': 'text/csv' },
    stem: 'Meteorite Landings',
    dataset: 'meteorite-landings',
  });
  assert.deepEqual((await kindOf('x.NDJSON.gz')).headers, { 'Content-Type': 'application/x-ndjson', 'Content-Encoding': 'gzip' });
  assert.deepEqual(await kindOf('x.y.txt'), { headers: { 'Content-Type': 'text/plain' }, stem: 'x.y', dataset: 'x-y' });
  await assert.rejects(kindOf('x.xlsx'), /x.xlsx: the extension must be one of .csv/);
  await assert.rejects(kindOf('README'), /the extension must be one of/);
});

test('every format that ingest reads can be plotted', async () => {
  for (const { extensions, mediaTypes } of formats) {
    for (const extension of extensions) {
      assert.equal((await kindOf(`x${extension}`)).headers['Content-Type'], mediaTypes[0]);
      assert.equal((await kindOf(`x${extension}.gz`)).headers['Content-Encoding'], 'gzip');
    }
  }
});

test('the picture never lands on the file that is read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-plot-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'data.csv');
  writeFileSync(data, 'a\n');
  symlinkSync(data, join(folder, 'same.png'));
  assert.deepEqual(outputFor(undefined, data, 'data'), { path: 'data.png', format: 'png' });
  assert.deepEqual(outputFor('x.SVG', data, 'data'), { path: 'x.SVG', format: 'svg' });
  assert.throws(() => outputFor('x.jpg', data, 'data'), /\.png or \.svg/);
  assert.throws(() => outputFor(join(folder, 'same.png'), data, 'data'), /is the input file/);
});
