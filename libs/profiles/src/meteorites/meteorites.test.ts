import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sharedData } from '@almanac/testkit';
import { emptySet } from '../record-set.ts';
import { ask, jsonOf, setOf } from '../testing.ts';
import { meteorites } from './index.ts';

const landings = [
  { name: 'Ruiz', id: '10001', recclass: 'L5', 'mass (g)': '21', reclat: '50.775', reclong: '6.08333' },
  { name: 'Beeler', id: '10002', recclass: 'H6', 'mass (g)': '720', reclat: '-56.18333', reclong: '10.23333' },
  { name: 'Brock', id: '10003', recclass: 'L5', 'mass (g)': '', reclat: '', reclong: '' },
  { name: 'Hillcrest', id: '10004', recclass: 'L6', 'mass (g)': null, reclat: '0', reclong: '0' },
];

test('the mean of what is there, and how much is missing', async () => {
  const set = setOf(landings);
  assert.deepEqual(await jsonOf(ask(meteorites, '/meteorites/average', set)), { column: 'mass (g)', average: 370.5, count: 2, missing: 2 });
  assert.equal((await jsonOf(ask(meteorites, '/meteorites/average?column=id', set))).average, 10002.5);
});

for (const [what, url, set, expected] of [
  ['no data', '/meteorites/average', emptySet('meteorites'), { status: 404, message: /No meteorite landings are loaded/ }],
  [
    'a missing key',
    '/meteorites/average?column=mass',
    setOf(landings),
    { status: 400, message: /no column 'mass' \(did you mean 'mass \(g\)'\?\)/ },
  ],
  [
    'a value that is no number',
    '/meteorites/average?column=name',
    setOf(landings),
    { status: 400, message: /Record 1 has 'Ruiz' in 'name'/ },
  ],
  [
    'a column without values',
    '/meteorites/average',
    setOf([{ recclass: 'a', 'mass (g)': '' }]),
    { status: 400, message: /No record has a value/ },
  ],
] as const) {
  test(`an average of ${what} is a clear error`, () => assert.rejects(ask(meteorites, url, set), expected));
}

test('hemispheres are counted as the course counts, landings without a place apart', async () => {
  assert.deepEqual(await jsonOf(ask(meteorites, '/meteorites/hemispheres', setOf(landings))), {
    'Northern & Eastern': 1,
    'Northern & Western': 0,
    'Southern & Eastern': 1,
    'Southern & Western': 1,
    'No position': 1,
  });
  assert.deepEqual(await jsonOf(ask(meteorites, '/meteorites/hemispheres', emptySet('meteorites'))), {
    'Northern & Eastern': 0,
    'Northern & Western': 0,
    'Southern & Eastern': 0,
    'Southern & Western': 0,
  });
});

test('classes in the order in which they first occur', async () => {
  const answer = await ask(meteorites, '/meteorites/classes', setOf(landings));
  assert.equal(answer.kind === 'json' && answer.text, '{"L5":2,"H6":1,"L6":1}\n');
});

test('values of textual formats are texts, those of others as they are', () => {
  const row = '{"name":"Ruiz","id":10001,"mass (g)":21.50,"reclat":null}';
  for (const format of ['csv', 'tsv', 'xml'])
    assert.equal(
      meteorites.view(setOf([row], { format }), undefined)?.(row),
      '{"name":"Ruiz","id":"10001","mass (g)":"21.50","reclat":""}',
    );
  for (const format of ['json', 'yaml']) assert.equal(meteorites.view(setOf([row], { format }), undefined), undefined);
});

for (const [file, count, average, hemispheres, classes] of [
  ['Meteorite_Landings.json', 30, 83857.3, [21, 6, 0, 3], { L6: 6, EH4: 2 }],
  ['ML_Data_Sample.json', 300, 5081.37, [71, 86, 74, 69], {}],
] as const) {
  const data = sharedData(file);
  test(`the numbers of ${file}`, { skip: data.skip }, async () => {
    const set = setOf((JSON.parse(readFileSync(data.path, 'utf8')) as { meteorite_landings: Record<string, string>[] }).meteorite_landings);
    assert.equal(set.rows, count);
    const mean = await jsonOf<{ average: number }>(ask(meteorites, '/meteorites/average', set));
    assert.ok(Math.abs(mean.average - average) < 0.005, String(mean.average));
    assert.deepEqual(Object.values(await jsonOf(ask(meteorites, '/meteorites/hemispheres', set))), hemispheres);
    const counted = await jsonOf<Record<string, number>>(ask(meteorites, '/meteorites/classes', set));
    for (const [name, times] of Object.entries(classes)) assert.equal(counted[name], times);
    if (count === 300) assert.equal(Object.keys(counted).length, 11);
  });
}
