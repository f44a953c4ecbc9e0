import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { sharedData } from '@almanac/testkit';
import { csv } from './csv.ts';
import type { Format } from './format.ts';
import { json } from './json.ts';
import { guessKey } from './key.ts';
import { parseAll } from './testing.ts';
import { tsv } from './tsv.ts';

const load = async (format: Format, path: string) => {
  const bytes = readFileSync(path);
  const parsed = await parseAll(format, path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  const types = Object.fromEntries(parsed.columns.map(({ name, type }) => [name, type]));
  return { ...parsed, types, key: guessKey(parsed.rows.slice(0, 500)) };
};

const meteorites = sharedData('Meteorite_Landings_full.csv');
test('all meteorite landings', { skip: meteorites.skip }, async () => {
  const { rows, rejects, types, key, evidence, columns } = await load(csv, meteorites.path);
  assert.deepEqual([rows.length, rejects.length, key], [45_716, 0, 'id']);
  assert.deepEqual(types, {
    name: 'string',
    id: 'integer',
    nametype: 'string',
    recclass: 'string',
    'mass (g)': 'number',
    fall: 'string',
    year: 'integer',
    reclat: 'number',
    reclong: 'number',
    GeoLocation: 'string',
  });
  assert.deepEqual(
    ['mass (g)', 'year', 'reclat'].map((name) => evidence[name]?.missing),
    [131, 291, 7315],
  );
  // Two years before 1000 are written 0920 and 0860.
  assert.deepEqual([evidence.year?.kinds, evidence.year?.min], [{ integer: 45_425 }, 860]);
  assert.deepEqual([evidence.recclass?.distinct, evidence.reclong?.max], [466, 354.47333]);
  assert.deepEqual(columns[4], { name: 'mass (g)', type: 'number', title: 'mass', unit: 'g', asStored: true });
  assert.match(rows[0]?.text as string, /"reclat":50\.775000,/);
});

const genes = sharedData('hgnc_complete_set.2024-10.txt.gz');
test('all genes', { skip: genes.skip }, async () => {
  const { rows, rejects, types, key, columns } = await load(tsv, genes.path);
  assert.deepEqual([rows.length, rejects.length, key, columns.length], [43_882, 0, 'hgnc_id', 54]);
  assert.deepEqual([rows[0]?.keyText('hgnc_id'), rows.at(-1)?.keyText('hgnc_id')], ['HGNC:5', 'HGNC:44415']);
  assert.deepEqual([types.date_modified, types.entrez_id, types.location_sortable], ['time', 'integer', 'string']);
});

const course = sharedData('Meteorite_Landings.json');
test("the course's landings, every value a string", { skip: course.skip }, async () => {
  const { rows, key, columns, texts } = await load(json, course.path);
  assert.deepEqual([rows.length, key], [30, 'id']);
  assert.deepEqual(
    columns.find(({ name }) => name === 'mass (g)'),
    { name: 'mass (g)', type: 'integer', title: 'mass', unit: 'g', asStored: false },
  );
  assert.equal(
    texts[0],
    '{"name":"Ruiz","id":"10001","recclass":"L5","mass (g)":"21","reclat":"50.775","reclong":"6.08333","GeoLocation":"(50.775, 6.08333)"}',
  );
});

const quakes = sharedData('usgs_earthquakes_all_month.2022-05-01.csv');
test('a month of earthquakes', { skip: quakes.skip }, async () => {
  const { rows, rejects, types, key } = await load(csv, quakes.path);
  assert.deepEqual([rows.length, rejects.length, key], [9278, 0, 'id']);
  assert.deepEqual([types.time, types.mag, types.nst, types.place], ['time', 'number', 'integer', 'string']);
});

const turbidity = sharedData('turbidity_data.json');
test('turbidity by the hour', { skip: turbidity.skip }, async () => {
  const { rows, types, key } = await load(json, turbidity.path);
  assert.deepEqual([rows.length, types.datetime, types.detector_current, key], [370, 'time', 'number', 'datetime']);
});
