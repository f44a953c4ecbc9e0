import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnReport, ColumnType, Evidence } from '@almanac/domain';
import { profileOf } from '@almanac/profiles';
import { styleOf } from './format-string.ts';
import { periodOf } from './period.ts';
import { plotInputs } from './plot-inputs.ts';
import { membersOf, readBody } from './request-body.ts';
import { rowsFilter } from './rows-filter.ts';

const evidence: Evidence = { present: 10, missing: 0, kinds: {}, distinct: 10, examples: [] };
const columnsOf = (types: Record<string, ColumnType>): ColumnReport[] =>
  Object.entries(types).map(([name, type]) => ({ name, type, asStored: true, evidence }));

const quakes = columnsOf({ time: 'time', latitude: 'number', longitude: 'number', mag: 'number', magType: 'string', type: 'string' });
const landings = columnsOf({
  id: 'integer',
  recclass: 'string',
  'mass (g)': 'number',
  year: 'integer',
  reclat: 'number',
  reclong: 'number',
});
const genes = columnsOf({ hgnc_id: 'string', symbol: 'string', locus_group: 'string', date_approved_reserved: 'time' });
const places = columnsOf({ city: 'string', people: 'integer' });
const profile = (columns: ColumnReport[]) => profileOf(columns.map(({ name }) => name));

const rowsOf = (columns: ColumnReport[], asked: Record<string, unknown>) => rowsFilter(membersOf(asked), columns, profile(columns));
const plotOf = (columns: ColumnReport[], asked: Record<string, unknown>) => plotInputs(membersOf(asked), columns, profile(columns));

for (const [value, from, to] of [
  ['2001', '2001-01-01T00:00:00.000Z', '2001-12-31T23:59:59.999Z'],
  [2021, '2021-01-01T00:00:00.000Z', '2021-12-31T23:59:59.999Z'],
  ['2024-02', '2024-02-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
  ['2025-03-05', '2025-03-05T00:00:00.000Z', '2025-03-05T23:59:59.999Z'],
  ['3/5/2025', '2025-03-05T00:00:00.000Z', '2025-03-05T23:59:59.999Z'],
  ['2024-052T12:00:00.000Z', '2024-02-21T12:00:00.000Z', '2024-02-21T12:00:00.000Z'],
  ['0000', '0000-01-01T00:00:00.000Z', '0000-12-31T23:59:59.999Z'],
  ['0099-12', '0099-12-01T00:00:00.000Z', '0099-12-31T23:59:59.999Z'],
] as const) {
  test(`${value} is a stretch of time`, () => {
    const period = periodOf(value);
    assert.deepEqual([new Date(period?.from ?? 0).toISOString(), new Date(period?.to ?? 0).toISOString()], [from, to]);
  });
}
test('what names no time is none', () => {
  for (const value of ['', 'soon', '20', '13/40/2020', '2024-13', null, {}, '2024-02-30'])
    assert.equal(periodOf(value), undefined, String(value));
});

const spring = { gte: '2025-03-01T00:00:00.000Z', lte: '2025-03-05T23:59:59.999Z' };
for (const [what, columns, asked, where] of [
  ['start and end on a column of time', quakes, { start: '2025-03-01', end: '2025-03-05' }, { time: spring }],
  ['start_date and end_date', quakes, { start_date: '2025-03-01', end_date: '2025-03-05' }, { time: spring }],
  ['names with spaces and capitals', quakes, { 'Start Date': '2025-03-01', 'End Date': '2025-03-05' }, { time: spring }],
  ['a start alone', quakes, { start: '2025' }, { time: { gte: '2025-01-01T00:00:00.000Z' } }],
  ['years as numbers on a column of numbers', landings, { start: '2001', end: 2021 }, { year: { gte: 2001, lte: 2021 } }],
  ['dates on a column of years', landings, { start: '2001-05-01', end: '2002-05-01' }, { year: { gte: 2001, lte: 2002 } }],
  ['one year', landings, { year: '2001' }, { year: { gte: 2001, lte: 2001 } }],
  [
    'the profile’s own column of time',
    genes,
    { year: 2013 },
    { date_approved_reserved: { gte: '2013-01-01T00:00:00.000Z', lte: '2013-12-31T23:59:59.999Z' } },
  ],
  [
    'members called like columns, and others',
    quakes,
    { magType: 'ml', mag: { gte: 4 }, city: 'Austin' },
    { magType: 'ml', mag: { gte: 4 } },
  ],
  ['a kind of plot in a member called like a column', quakes, { type: 'Scatter Plot', kind: 'hist' }, {}],
  ['what is no kind of plot in such a member', quakes, { type: 'quarry blast' }, { type: 'quarry blast' }],
  ['conditions on a column called year', landings, { year: { gte: 2000 } }, { year: { gte: 2000 } }],
  [
    'a column called year before the column of time',
    columnsOf({ sold: 'time', year: 'integer' }),
    { year: 1999 },
    { year: { gte: 1999, lte: 1999 } },
  ],
  ['a list of years', landings, { year: [2000, 2001] }, { year: [2000, 2001] }],
  ['lists of values', landings, { recclass: ['L5', 'L6'] }, { recclass: ['L5', 'L6'] }],
  ['members inside job parameters', quakes, { 'job parameters': { start: '2025-03-01', end: '2025-03-05' } }, { time: spring }],
  ['nothing', quakes, { start: '', end: null }, {}],
] as const) {
  test(`rows: ${what}`, () => assert.deepEqual(rowsOf(columns, asked).where, where));
}

test('names that every JavaScript object has are names like any', () => {
  const odd = ['__proto__', 'constructor', 'n'].flatMap((name) => columnsOf({ [name]: 'string' }));
  const { where, used } = rowsOf(odd, JSON.parse('{"__proto__": {"gte": 1}, "constructor": "x", "toString": 1}'));
  assert.deepEqual(Object.entries(where), [
    ['__proto__', { gte: 1 }],
    ['constructor', 'x'],
  ]);
  assert.deepEqual([...used], ['__proto__', 'constructor']);
  for (const name of ['constructor', 'toString', 'valueOf', '__proto__']) {
    assert.deepEqual(plotOf(landings, { [name]: 'x' }), { inputs: usual, note: undefined }, name);
    const { inputs, note } = plotOf(landings, { type: name });
    assert.deepEqual(inputs, usual);
    assert.match(note ?? '', new RegExp(`type '${name}' is no kind of plot`));
  }
});

test('what is nearly a number is refused at once, however long it is', () => {
  const before = process.cpuUsage();
  assert.throws(() => rowsOf(landings, { start: `${'1'.repeat(60_000)}x` }), /is not a number/);
  assert.ok(process.cpuUsage(before).user < 500_000);
});

test('start and end of records without a time choose nothing, and that is said', () => {
  const { where, note } = rowsOf(places, { start: 1, end: 5 });
  assert.deepEqual(where, {});
  assert.match(note ?? '', /no column of time: start and end chose none/);
});

for (const [columns, asked, message] of [
  [quakes, { start: '2025-03-05', end: '2025-03-01' }, /start '2025-03-05' is after end '2025-03-01'/],
  [landings, { start: '2021', end: '2001' }, /is after/],
  [places, { start: '2021', end: '2001' }, /start '2021' is after end '2001'/],
  [places, { start_date: '2025-03-05', end_date: '3/1/2025' }, /is after/],
  [places, { start: 20, end: 3 }, /start '20' is after end '3'/],
  [quakes, { start: 'yesterday' }, /start: 'yesterday' is not a time; write 2001/],
  [landings, { end: 'never' }, /end: 'never' is not a number/],
] as const) {
  test(`rows: ${JSON.stringify(asked)} is refused`, () => assert.throws(() => rowsOf(columns, asked), message));
}

test('a long start that is no number is refused at once', () => {
  const before = process.cpuUsage();
  assert.throws(() => rowsOf(landings, { start: `${'1'.repeat(100_000)}x` }), /is not a number/);
  assert.ok(process.cpuUsage(before).user < 500_000);
});

const usual = { type: 'scatter', x: 'reclong', y: 'reclat', title: 'Meteorite landings' };
for (const [what, columns, asked, inputs] of [
  ['nothing: the profile’s plot', landings, {}, usual],
  ['nothing, without a profile', quakes, {}, {}],
  ['a kind in any spelling', quakes, { plot_type: 'Scatter Plot' }, { type: 'scatter' }],
  ['a histogram of a column', quakes, { kind: 'hist', column: 'mag' }, { type: 'histogram', x: 'mag' }],
  ['a column of numbers alone', landings, { column: 'mass (g)' }, { type: 'histogram', x: 'mass (g)' }],
  ['a column of texts alone', landings, { field: 'recclass' }, { type: 'bar', x: 'recclass' }],
  ['a line of a column over time', quakes, { type: 'line', column: 'mag' }, { type: 'line', x: 'time', y: 'mag' }],
  ['two columns', quakes, { columns: ['longitude', 'latitude'] }, { type: 'scatter', x: 'longitude', y: 'latitude' }],
  [
    'axes by their names',
    quakes,
    { x_column: 'longitude', y_column: 'latitude', color: 'mag', title: 'T', bins: 5 },
    { x: 'longitude', y: 'latitude', color: 'mag', title: 'T', bins: 5 },
  ],
  ['a pie as bars', genes, { type: 'pie', column: 'locus_group' }, { type: 'bar', x: 'locus_group' }],
  ['a format string', landings, { format: 'r-o', x: 'year', y: 'mass (g)' }, { type: 'line', x: 'year', y: 'mass (g)', styles: ['ro-'] }],
  [
    'dots by a format string',
    quakes,
    { type: 'scatter', x: 'time', y: 'mag', format: 'k^:' },
    { type: 'line', x: 'time', y: 'mag', styles: ['k^'] },
  ],
  ['a file format, which is none', landings, { format: 'png' }, usual],
  ['a subplot', landings, { subplot: [2, 1, 2] }, { ...usual, subplot: [2, 1, 2] }],
  ['a subplot as one number', landings, { subplot: 212 }, { ...usual, subplot: [2, 1, 2] }],
] as const) {
  test(`plot: ${what}`, () => assert.deepEqual(plotOf(columns, asked).inputs, inputs));
}

test('a kind that is not known is kept and said, and another plot is drawn', () => {
  const { inputs, note } = plotOf(landings, { type: 'magnitude_distribution' });
  assert.deepEqual(inputs, usual);
  assert.match(note ?? '', /type 'magnitude_distribution' is no kind of plot that is known here/);
  assert.match(plotOf(genes, { kind: 'pie' }).note ?? '', /drawn as bars/);
});

for (const [asked, message] of [
  [{ format: 'purple' }, /'purple' is not a format string/],
  [{ format: 5 }, /format: '5'/],
  [{ subplot: [2, 1] }, /not \[rows, columns, number\]/],
  [{ subplot: 'all' }, /subplot: 'all'/],
  [{ subplot: {} }, /subplot/],
] as const) {
  test(`plot: ${JSON.stringify(asked)} is refused`, () => assert.throws(() => plotOf(landings, asked), message));
}

for (const [format, style] of [
  ['r-o', 'ro-'],
  ['g--', 'g--'],
  ['k^:', 'k^:'],
  ['-.b', 'b--'],
  ['bs', 'bs'],
  ['.', 'o'],
  ['w*', 'x'],
  ['', ''],
] as const) {
  test(`the format string ${JSON.stringify(format)}`, () => assert.equal(styleOf(format), style));
}
test('what matplotlib would refuse is refused', () => {
  for (const format of ['rr', 'r-o-', 'oo', 'z', 'red', '---', 'r o']) assert.equal(styleOf(format), undefined, format);
});

test('bodies are read whatever they say they are', () => {
  assert.deepEqual(readBody(undefined), {});
  assert.deepEqual(readBody(Buffer.from('  \n')), {});
  assert.deepEqual(readBody(Buffer.from('{"a":1}')), { a: 1 });
  for (const body of ['{', '[]', '5', '"x"', 'null', 'start=2001&end=2021'])
    assert.throws(() => readBody(Buffer.from(body)), /Invalid JSON/);
});
