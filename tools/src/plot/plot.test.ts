import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readOptions } from '../system/options.ts';
import { plotInputs, plotOptions } from './inputs.ts';
import { idFrom, kindOf } from './media-type.ts';
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

test("a file's name says what it is and what to call it", () => {
  assert.deepEqual(kindOf('a/Meteorite Landings.csv'), { headers: { 'Content-Type': 'text/csv' }, stem: 'Meteorite Landings' });
  assert.deepEqual(kindOf('x.NDJSON.gz').headers, { 'Content-Type': 'application/x-ndjson', 'Content-Encoding': 'gzip' });
  assert.equal(kindOf('x.y.tsv').stem, 'x.y');
  assert.throws(() => kindOf('x.xlsx'), /x.xlsx: its name does not tell/);
  assert.throws(() => kindOf('README'), /should end with .csv/);
  assert.equal(idFrom('Meteorite Landings (2024)'), 'meteorite-landings-2024');
  assert.equal(idFrom('Été'), 'ete');
  assert.equal(idFrom('???'), 'dataset');
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
