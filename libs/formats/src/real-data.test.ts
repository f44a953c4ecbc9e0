import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parseTime } from '@almanac/domain';
import { sharedData } from '@almanac/testkit';
import { csv } from './csv/csv.ts';
import { tsv } from './csv/tsv.ts';
import { guessKey } from './evidence/guess-key.ts';
import type { Format } from './format.ts';
import { json } from './json/json.ts';
import { memberLiteral } from './json/json-text.ts';
import { oem } from './oem/oem.ts';
import { parseAll } from './testing.ts';
import { xml } from './xml/xml.ts';
import { yaml } from './yaml/yaml.ts';

const load = async (format: Format, path: string) => {
  const bytes = readFileSync(path);
  const parsed = await parseAll(format, path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  const types = Object.fromEntries(parsed.columns.map(({ name, type }) => [name, type]));
  return { ...parsed, types, key: guessKey(parsed.rows.slice(0, 500), format.key) };
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

const landings = ['json', 'csv', 'xml', 'yaml'].map((extension) => sharedData(`Meteorite_Landings.${extension}`));
test("the course's landings in four notations", { skip: landings.find(({ skip }) => skip)?.skip ?? false }, async () => {
  const [fromJson = [], ...others] = await Promise.all(
    landings.map(async ({ path }, i) => {
      const { rows, rejects, key } = await load([json, csv, xml, yaml][i] as Format, path);
      // The last one is missing in the CSV.
      assert.deepEqual([rows.length, rejects, key], [path.endsWith('.csv') ? 29 : 30, [], 'id']);
      // Numbers are texts in the JSON; XML has no brackets in names.
      return rows.map(({ text }) => sorted(JSON.parse(text.replace('"mass_g"', '"mass (g)"')) as Record<string, unknown>));
    }),
  );
  for (const other of others) assert.deepEqual(other, fromJson.slice(0, other.length));
});

const sorted = (record: Record<string, unknown>): string[] =>
  Object.entries(record)
    .map(([name, value]) => `${name}: ${value}`)
    .sort();

const ephemerides: [string, number, string, string, number][] = [
  ['2022-042.xml', 5524, '2022-042T12:00:00.000Z', '2022-057T12:00:00.000Z', 33],
  ['2024-045.xml', 5833, '2024-045T12:00:00.000Z', '2024-060T12:00:00.000Z', 33],
  ['2024-052.xml', 5926, '2024-052T12:00:00.000Z', '2024-067T12:00:00.000Z', 27],
  ['2024-052.txt', 5926, '2024-02-21T12:00:00.000', '2024-03-07T12:00:00.000', 28],
  ['2025-057.xml', 5413, '2025-057T12:00:00.000Z', '2025-072T12:00:00.000Z', 30],
];
for (const [name, states, first, last, comments] of ephemerides) {
  const file = sharedData(`iss/ISS.OEM_J2K_EPH.${name}`);
  test(`the station's ephemeris ${name}`, { skip: file.skip }, async () => {
    const { rows, rejects, notes, columns, metadata, key } = await load(oem, file.path);
    assert.deepEqual([rows.length, rejects, notes, key], [states, [], [], 'EPOCH']);
    assert.deepEqual([rows[0]?.keyText('EPOCH'), rows.at(-1)?.keyText('EPOCH')], [first, last]);
    assert.deepEqual(
      columns.map(({ type, unit }) => [type, unit]),
      [['time', undefined], ...Array(3).fill(['number', 'km']), ...Array(3).fill(['number', 'km/s'])],
    );
    const isXml = name.endsWith('.xml');
    const { header, metadata: segment } = metadata as Record<'header' | 'metadata', Record<string, string>>;
    assert.deepEqual([metadata.format, metadata.version, metadata.id], [isXml ? 'oem-xml' : 'oem-kvn', '2.0', 'CCSDS_OEM_VERS']);
    assert.deepEqual([header.ORIGINATOR, segment.CENTER_NAME], isXml ? ['JSC', 'EARTH'] : ['NASA/JSC/FOD/TOPO', 'Earth']);
    assert.deepEqual([segment.OBJECT_NAME, segment.REF_FRAME, segment.STOP_TIME], ['ISS', 'EME2000', last]);
    const texts = metadata.comments as string[];
    assert.deepEqual([texts.length, texts.at(-1)], [comments, 'End sequence of events']);
    assert.ok(texts.includes('') && !texts.some((text) => text.includes('\r')));
  });
}

const [pairXml, pairKvn] = ['xml', 'txt'].map((extension) => sharedData(`iss/ISS.OEM_J2K_EPH.2024-052.${extension}`));
test('the ephemeris in both notations: the same states', { skip: pairXml?.skip || pairKvn?.skip || false }, async () => {
  const [inXml, inKvn] = await Promise.all([pairXml, pairKvn].map(async (file) => (await load(oem, file?.path as string)).texts));
  for (const [i, text] of (inXml as string[]).entries()) {
    const other = inKvn?.[i] as string;
    assert.equal(parseTime(literal(text, 'EPOCH').slice(1, -1)), parseTime(literal(other, 'EPOCH').slice(1, -1)));
    for (const name of ['X', 'Y', 'Z', 'X_DOT', 'Y_DOT', 'Z_DOT']) {
      // By their digits: a number of JavaScript has not as many.
      const difference = scaled(literal(text, name)) - scaled(literal(other, name));
      assert.ok(difference <= AGREES && difference >= -AGREES, `${text} ${other}`);
    }
  }
});

/** 5e-13 km, as the files' own digits allow. */
const AGREES = 5n * 10n ** 11n;

const literal = (row: string, name: string): string => memberLiteral(row, name) as string;

/** A decimal number in units of 1e-24. */
function scaled(text: string): bigint {
  const [mantissa = '', exponent = '0'] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(24 - fraction.length + Number(exponent));
}

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
