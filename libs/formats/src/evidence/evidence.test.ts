import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csv } from '../csv/csv.ts';
import { json } from '../json/json.ts';
import { parseAll } from '../testing.ts';
import { EvidenceCounter } from './evidence.ts';
import { guessKey } from './guess-key.ts';
import { titleAndUnit } from './unit.ts';

const column = async (values: readonly string[]) => {
  const { columns, evidence } = await parseAll(csv, `n,c\n${values.map((value) => `0,${value}\n`).join('')}`);
  return { ...columns[1], ...evidence.c };
};
const member = async (values: readonly unknown[]) => {
  const { columns, evidence } = await parseAll(json, JSON.stringify(values.map((c) => ({ n: 0, c }))));
  return { ...columns[1], ...evidence.c };
};

test('fields: one type for the whole column, from every row', async () => {
  const cases: [string[], string, boolean][] = [
    [['1', '', '-5'], 'integer', true],
    [['1', '2.0', '1e3'], 'integer', true],
    [['1', '2.5'], 'number', true],
    [['true', 'false', ''], 'boolean', true],
    [['2024-02-21', '2023-02-01 00:00', '2024-052T12:00:00.000Z'], 'time', true],
    [['1990', '1991'], 'integer', true],
    [['007', '008'], 'string', true],
    [['1', '2', 'x'], 'string', false],
    [['true', 'x'], 'string', false],
    [['2024-02-21', 'x'], 'string', true],
    [['1', 'true'], 'string', false],
    [['', ''], 'string', true],
    [['[1]', '{}'], 'string', true],
    [['True', 'False', 'true'], 'boolean', false],
    [['TRUE', 'x'], 'string', true],
    [['.5', '-.25', '5.'], 'number', false],
    [['1', '5.'], 'integer', false],
    [['+4930', '+4931'], 'string', true],
    [['.', '-', 'e5'], 'string', true],
  ];
  for (const [values, type, asStored] of cases) {
    const { type: given, asStored: stored } = await column(values);
    assert.deepEqual([given, stored], [type, asStored], values.join('|'));
  }
});

test('JSON members: strings that all read as numbers are numbers, not as stored', async () => {
  const cases: [unknown[], string, boolean][] = [
    [['1', '2'], 'integer', false],
    [['1', '2.5', ''], 'number', false],
    [[1, '2'], 'integer', false],
    [[1, 2.5, null], 'number', true],
    [[1, ''], 'integer', false],
    [['true', false], 'boolean', false],
    [['a', ''], 'string', true],
    [['a', 1], 'string', false],
    [['a', [1]], 'string', false],
    [[[1], { a: 1 }, null], 'json', true],
    [['2024-02-21', null], 'time', true],
    [['2024-02-21', 5], 'string', false],
  ];
  for (const [values, type, asStored] of cases) {
    const { type: given, asStored: stored } = await member(values);
    assert.deepEqual([given, stored], [type, asStored], JSON.stringify(values));
  }
});

test('counts, range, examples and the first exception', async () => {
  assert.deepEqual(await column(['5', '', '-2', '7.5', '5', '12']), {
    name: 'c',
    type: 'number',
    asStored: true,
    present: 5,
    missing: 1,
    kinds: { integer: 4, number: 1 },
    distinct: 4,
    min: -2,
    max: 12,
    examples: ['5', '-2', '7.5'],
    exception: { row: 4, value: '7.5' },
  });
  const late = await column([...Array.from({ length: 50 }, (_, i) => `${i}`), 'n/a', 'x']);
  assert.deepEqual(
    [late.type, late.kinds, late.exception, late.min],
    ['string', { integer: 50, string: 2 }, { row: 51, value: 'n/a' }, undefined],
  );
  assert.equal((await column(['x', 'y', '1'])).exception, undefined);
  assert.equal((await column(['1', '2'])).exception, undefined);
  const times = await column(['2024-02-21T12:00:00Z', '2023-01-01', '2024-02-21T13:00+02:00']);
  assert.deepEqual([times.min, times.max], ['2023-01-01', '2024-02-21T12:00:00Z']);
  const missing = await parseAll(json, '[{"a":1},{"b":2},{"a":null}]');
  assert.deepEqual([missing.evidence.a?.missing, missing.evidence.b?.present], [2, 1]);
});

test('different values are counted up to 1,000, long ones too', async () => {
  const many = (n: number, make: (i: number) => string) => column(Array.from({ length: n }, (_, i) => make(i)));
  assert.equal((await many(999, String)).distinct, 999);
  assert.equal((await many(3000, String)).distinct, 1000);
  assert.equal((await many(40, (i) => `${'x'.repeat(300)}${i % 7}`)).distinct, 7);
  assert.equal((await column([`${'x'.repeat(300)}`])).examples?.[0]?.length, 200);
});

test('a year before 1000 keeps a column of years from being text; codes stay text', async () => {
  const years = Array.from({ length: 300 }, (_, i) => `${1700 + i}`);
  const { type, asStored, min, kinds, exception } = await column([...years, '0920']);
  assert.deepEqual([type, asStored, min, kinds, exception], ['integer', false, 920, { integer: 301 }, undefined]);
  const codes = await column([...years, '0920', '9999']);
  assert.deepEqual([codes.type, codes.kinds, codes.exception], ['string', { integer: 301, string: 1 }, { row: 301, value: '0920' }]);
  assert.equal((await column(['1700', '0920'])).type, 'string');
  assert.equal((await column([...years, '00920'])).type, 'string');
});

test('a number too large for a number has no range but is one', async () => {
  const { type, max } = await column(['1', '1e999']);
  assert.deepEqual([type, max], ['number', undefined]);
});

test('fields are counted by name, and lists and objects among them; a unit of the source counts above one in the name', () => {
  const counter = new EvidenceCounter(new Map([['mass (g)', 'kg']]));
  counter.countFields(['a', 'mass (g)'], ['1', '2.5'], 1);
  counter.countFields(['b', 'a'], ['x', { json: '[1]' }], 2);
  assert.deepEqual(counter.columns(), [
    { name: 'a', type: 'string', asStored: false },
    { name: 'mass (g)', type: 'number', title: 'mass', unit: 'kg', asStored: true },
    { name: 'b', type: 'string', asStored: true },
  ]);
  assert.deepEqual(counter.evidence().a?.kinds, { integer: 1, json: 1 });
});

test('too many different members are an error', async () => {
  const body = JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ [`k${i}`]: 1 })));
  await assert.rejects(parseAll(json, body), {
    type: 'malformed-data',
    message: /there are too many columns: 4,097 columns, the limit is 4,096/,
  });
});

test('members named as an object inherits them are members like any other', async () => {
  const { columns, evidence } = await parseAll(json, '[{"__proto__":1,"constructor":"x","toString":2}]');
  assert.deepEqual(
    columns.map(({ name, type }) => [name, type]),
    [
      ['__proto__', 'integer'],
      ['constructor', 'string'],
      ['toString', 'integer'],
    ],
  );
  assert.deepEqual(Object.keys(evidence), ['__proto__', 'constructor', 'toString']);
});

test('title and unit of a column come from its name where the brackets hold a unit', () => {
  const cases: [string, object][] = [
    ['mass (g)', { title: 'mass', unit: 'g' }],
    ['speed [km/s]', { title: 'speed', unit: 'km/s' }],
    ['flux (W m-2)', { title: 'flux', unit: 'W m-2' }],
    ['T (°C)', { title: 'T', unit: '°C' }],
    ['Age (years)', { title: 'Age', unit: 'years' }],
    ['turbidity (NTU)', { title: 'turbidity', unit: 'NTU' }],
    ['share (%)', { title: 'share', unit: '%' }],
    ['density (kg/m^3)', { title: 'density', unit: 'kg/m^3' }],
    ['name (short)', {}],
    ['f(x)', {}],
    ['(g)', {}],
    ['mass', {}],
    ['note (see below, please)', {}],
  ];
  for (const [name, expected] of cases) assert.deepEqual(titleAndUnit(name), expected, name);
});

test('the column that names records is guessed from names and the first rows', async () => {
  const cases: [string, string | undefined][] = [
    ['name,id,x\na,1,2\n', 'id'],
    ['name,ID\na,1\n', 'ID'],
    ['hgnc_id,entrez_id\nHGNC:5,1\n', 'hgnc_id'],
    ['name,stationId,x\na,1,2\n', 'stationId'],
    ['name,a_id,b_id\nn,1,2\n', 'name'],
    ['datetime,valid\n2023-02-01 00:00,1\n', 'datetime'],
    ['depth,grid\n1.5,2\n', undefined],
    ['year,x\n1990,2\n1990.0,1\n', 'year'],
    ['a,b\n,2\n', undefined],
  ];
  for (const [body, expected] of cases) assert.equal(guessKey((await parseAll(csv, body)).rows), expected, body);
  assert.equal(guessKey([]), undefined);
});
