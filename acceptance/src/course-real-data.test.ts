// The course dialect on the real files, through the gateway. The numbers are facts about the files, computed independently.
import assert from 'node:assert/strict';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { Client } from './client.ts';
import { needsOwn, Stack } from './stack.ts';

const folder = process.env.ALMANAC_SHARED_DATA ?? join(import.meta.dirname, '../../../shared/data');
const skipWithout = (...names: string[]): string | false => {
  const missing = names.filter((name) => !existsSync(join(folder, name)));
  return missing.length === 0 ? false : `real data file ${missing.join(', ')} is not beside this checkout`;
};

const stack = new Stack({ ALMANAC_SOURCES: `genes=${join(folder, 'hgnc_complete_set.2024-10.txt.gz')}` });
let client: Client;
before(async () => {
  await stack.start();
  client = new Client(stack.url);
});
after(() => stack.end());

type Row = Record<string, string | number>;

/** Sends a file as `curl --data-binary @file` does: with an unspecific content type. */
async function load(dataset: string, name: string): Promise<void> {
  const body = Readable.toWeb(createReadStream(join(folder, name))) as ReadableStream;
  const { status, text } = await client.ask('POST', `/data?dataset=${dataset}`, {
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  assert.deepEqual([status, text], [200, 'Data loaded\n'], name);
}

async function json(path: string) {
  const { status, json: value, text } = await client.get(path);
  assert.equal(status, 200, `${path}: ${text.slice(0, 300)}`);
  return value;
}

/** Returns the number of records of a job: the values that its plot has and lacks. */
async function counted(dataset: string, asked: object, column: string): Promise<number> {
  const { json: job } = await client.ask('POST', `/jobs?dataset=${dataset}`, { body: JSON.stringify(asked) });
  assert.equal((await client.finished(job.id)).status, 'complete');
  const { count, missing } = (await json(`/results/${job.id}`)).statistics[column];
  return count + missing;
}

const near = (value: number, expected: number, within: number) =>
  assert.ok(Math.abs(value - expected) <= within, `${value} for ${expected}`);

const small = ['json', 'xml', 'yaml', 'csv'].map((ending) => `Meteorite_Landings.${ending}`);
test('30 landings: the same from JSON, XML and YAML, 29 of them from CSV, and the numbers of the course', {
  skip: skipWithout(...small),
}, async () => {
  const [asJson, asXml, asYaml, asCsv] = (await Promise.all(
    small.map(async (name, i) => {
      await load(`small-${i}`, name);
      return json(`/data?dataset=small-${i}`);
    }),
  )) as [Row[], Row[], Row[], Row[]];
  assert.equal(asJson.length, 30);
  assert.deepEqual(Object.keys(asJson[0] as Row), ['name', 'id', 'recclass', 'mass (g)', 'reclat', 'reclong', 'GeoLocation']);
  assert.ok(asJson.every((landing) => Object.values(landing).every((value) => typeof value === 'string')));
  assert.deepEqual(asXml, asJson);
  assert.deepEqual(asCsv, asJson.slice(0, 29));
  // The YAML file has its keys in alphabetical order, and numbers as numbers.
  assert.deepEqual(Object.keys(asYaml[0] as Row), ['GeoLocation', 'id', 'mass (g)', 'name', 'recclass', 'reclat', 'reclong']);
  const asNumbers = (landing: Row) => {
    const numeric = ['id', 'mass (g)', 'reclat', 'reclong'];
    return Object.fromEntries(Object.entries(landing).map(([name, value]) => [name, numeric.includes(name) ? Number(value) : value]));
  };
  assert.deepEqual(asYaml, asJson.map(asNumbers));
  for (const dataset of ['small-0', 'small-1', 'small-2']) {
    near((await json(`/meteorites/average?column=mass%20(g)&dataset=${dataset}`)).average, 83857.3, 1e-9);
    assert.deepEqual(await json(`/meteorites/hemispheres?dataset=${dataset}`), {
      'Northern & Eastern': 21,
      'Northern & Western': 6,
      'Southern & Eastern': 0,
      'Southern & Western': 3,
    });
    const classes = await json(`/meteorites/classes?dataset=${dataset}`);
    assert.deepEqual([classes.L6, classes.EH4], [6, 2]);
  }
});

const sample = 'ML_Data_Sample.json';
test('300 landings', { skip: skipWithout(sample) }, async () => {
  await load('sample', sample);
  assert.equal((await json('/data?dataset=sample')).length, 300);
  assert.equal((await json('/get-keys?dataset=sample')).length, 300);
  near((await json('/meteorites/average?dataset=sample')).average, 5081.37, 0.005);
  assert.deepEqual(Object.values(await json('/meteorites/hemispheres?dataset=sample')), [71, 86, 74, 69]);
  assert.equal(Object.keys(await json('/meteorites/classes?dataset=sample')).length, 11);
});

const full = 'Meteorite_Landings_full.csv';
test('45,716 landings, and a job about the fullest year', { skip: skipWithout(full) }, async () => {
  await load('meteorites', full);
  const landings: Row[] = await json('/data');
  assert.equal(landings.length, 45_716);
  assert.deepEqual((await json('/data?start=45715'))[0], landings[45_715]);
  const classes = await json('/meteorites/classes');
  assert.deepEqual([Object.keys(classes).length, classes.L6, classes.H5, classes.L5], [466, 8_285, 7_142, 4_796]);
  const average = await json('/meteorites/average');
  assert.deepEqual([average.count, average.missing], [45_585, 131]);
  assert.equal((await json('/meteorites/hemispheres'))['No position'], 7_315);
  assert.equal(await counted('meteorites', { year: 2003 }, 'reclat'), 3_323);
  assert.equal(
    await counted('meteorites', { start: '2003', end: '2003', recclass: 'L6' }, 'reclat'),
    landings.filter(({ year, recclass }) => year === '2003' && recclass === 'L6').length,
  );
});

const turbidity = 'turbidity_data.json';
test('turbidity of the last five measurements, and when the water is safe', { skip: skipWithout(turbidity) }, async () => {
  await load('turbidity', turbidity);
  const state = await json('/turbidity');
  near(state.turbidity, 1.1018146, 1e-12);
  near(state.minimum_time, 4.7993, 5e-5);
  assert.deepEqual([state.safe, state.measurements, state.threshold], [false, 5, 1]);
  assert.equal(
    (await client.get('/turbidity?f=text')).text,
    'Average turbidity based on most recent five measurements = 1.1018 NTU\nWarning: Turbidity is above threshold for safe use\nMinimum time required to return below a safe threshold = 4.80 hours\n',
  );
  assert.equal((await json('/turbidity/history')).length, 370);
  assert.equal((await json('/data?dataset=turbidity')).length, 370);
});

test('43,882 genes from the gzipped table, by POST /data without a body', {
  skip: needsOwn || skipWithout('hgnc_complete_set.2024-10.txt.gz'),
}, async () => {
  assert.equal((await client.ask('POST', '/data?dataset=genes')).text, 'Data loaded\n');
  const ids: string[] = await json('/genes');
  assert.deepEqual([ids.length, new Set(ids).size, ids[0], ids[1], ids.at(-1)], [43_882, 43_882, 'HGNC:5', 'HGNC:37133', 'HGNC:44415']);
  const gene = await json('/genes/HGNC:5');
  assert.deepEqual([Object.keys(gene).length, gene.symbol, gene.alias_symbol], [54, 'A1BG', '']);
  assert.deepEqual([gene.gene_group_id, gene.entrez_id, gene.pubmed_id, gene.omim_id], [594, 1, 2591067, 138670]);
  const document = await json('/genes/HGNC:5?shape=json');
  assert.deepEqual([document.gene_group_id, document.entrez_id, 'alias_symbol' in document], [[594], '1', false]);
  const all: Row[] = await json('/data?dataset=genes');
  assert.equal(all.length, 43_882);
  assert.deepEqual(all[0], gene);
  assert.equal(all.filter(({ locus_group }) => locus_group === 'protein-coding gene').length, 19_290);
  assert.equal(await counted('genes', { locus_group: 'protein-coding gene' }, 'locus_group'), 19_290);
  assert.equal(await counted('genes', { year: 2013 }, 'locus_group'), 3_844);
});

const quakes = 'usgs_earthquakes_all_month.2022-05-01.csv';
test('9,278 events, 9,097 of them earthquakes', { skip: skipWithout(quakes) }, async () => {
  await load('quakes', quakes);
  assert.equal((await json('/data?dataset=quakes')).length, 9_278);
  assert.equal(await counted('quakes', { type: 'earthquake' }, 'latitude'), 9_097);
  assert.equal(await counted('quakes', { type: 'scatter', x: 'longitude', y: 'latitude' }, 'latitude'), 9_278);
});

interface Ephemeris {
  file: string;
  count: number;
  firstSpeed: number;
  lastSpeed?: number;
  /** of limit=20&offset=50: the first and the last */
  page?: [string, string];
  /** how many, and how many of them empty */
  comments: [number, number];
}
const ephemerides: Ephemeris[] = [
  {
    file: 'iss/ISS.OEM_J2K_EPH.2024-052.xml',
    count: 5_926,
    firstSpeed: 7.655330269344684,
    lastSpeed: 7.662248967940782,
    page: ['2024-052T15:20:00.000Z', '2024-052T16:36:00.000Z'],
    comments: [27, 4],
  },
  {
    file: 'iss/ISS.OEM_J2K_EPH.2022-042.xml',
    count: 5_524,
    firstSpeed: 7.652560633937083,
    page: ['2022-042T15:20:00.000Z', '2022-042T16:36:00.000Z'],
    comments: [33, 6],
  },
  { file: 'iss/ISS.OEM_J2K_EPH.2024-045.xml', count: 5_833, firstSpeed: 7.662747213528168, comments: [33, 6] },
  {
    file: 'iss/ISS.OEM_J2K_EPH.2025-057.xml',
    count: 5_413,
    firstSpeed: 7.658984676624003,
    lastSpeed: 7.664591953372864,
    comments: [30, 5],
  },
];
for (const [i, { file, count, firstSpeed, lastSpeed, page, comments }] of ephemerides.entries()) {
  test(`${file}: ${count} epochs, speeds, a page, comments`, { skip: skipWithout(file) }, async () => {
    const of = `dataset=station-${i}`;
    await load(`station-${i}`, file);
    const epochs: string[] = await json(`/epochs?${of}`);
    assert.equal(epochs.length, count);
    const speed = async (epoch: string | undefined) => json(`/epochs/${epoch}/speed?${of}`);
    assert.deepEqual(await speed(epochs[0]), { speed: firstSpeed, units: 'km/s' });
    if (lastSpeed !== undefined) assert.deepEqual(await speed(epochs.at(-1)), { speed: lastSpeed, units: 'km/s' });
    const twenty: string[] = await json(`/epochs?limit=20&offset=50&${of}`);
    assert.deepEqual(twenty, epochs.slice(50, 70));
    if (page !== undefined) assert.deepEqual([twenty[0], twenty[19]], page);
    const lines: string[] = await json(`/comment?${of}`);
    assert.deepEqual([lines.length, lines.filter((line) => line === '').length], comments);
    assert.equal((await json(`/header?${of}`)).ORIGINATOR, 'JSC');
    const { OBJECT_NAME, CENTER_NAME, START_TIME } = await json(`/metadata?${of}`);
    assert.deepEqual([OBJECT_NAME, CENTER_NAME, START_TIME], ['ISS', 'EARTH', epochs[0]]);
  });
}

const pair = ['iss/ISS.OEM_J2K_EPH.2024-052.xml', 'iss/ISS.OEM_J2K_EPH.2024-052.txt'] as const;
test('the ephemeris as text has the same states and speeds as the XML', { skip: skipWithout(...pair) }, async () => {
  await Promise.all([load('as-xml', pair[0]), load('as-text', pair[1])]);
  const [asXml, asText] = (await Promise.all(['as-xml', 'as-text'].map((dataset) => json(`/epochs?shape=plain&dataset=${dataset}`)))) as [
    Record<string, number | string>[],
    Record<string, number | string>[],
  ];
  assert.equal(asText.length, asXml.length);
  const timeOf = (epoch: unknown) => {
    const [, year, day, clock] = /^(\d{4})-(\d{3})T(.*)Z$/.exec(String(epoch)) ?? [];
    return year === undefined ? Date.parse(`${epoch}Z`) : Date.parse(`${year}-01-01T${clock}Z`) + (Number(day) - 1) * 86_400_000;
  };
  const speeds: number[] = [];
  for (const [i, state] of asXml.entries()) {
    const other = asText[i] as typeof state;
    assert.equal(timeOf(other.EPOCH), timeOf(state.EPOCH));
    for (const name of ['X', 'Y', 'Z']) near(other[name] as number, state[name] as number, 1e-12 * 5000);
    for (const name of ['X_DOT', 'Y_DOT', 'Z_DOT']) assert.equal(other[name], state[name]);
    speeds.push(Math.hypot(state.X_DOT as number, state.Y_DOT as number, state.Z_DOT as number));
  }
  near(speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length, 7.658616532, 5e-10);
  near(Math.min(...speeds), 7.651529677, 5e-10);
  near(Math.max(...speeds), 7.666661462, 5e-10);
  // Both formats of an epoch find the state in both files; it is returned in the format of its file.
  for (const epoch of ['2024-052T12:00:00.000Z', '2024-02-21T12:00:00.000'])
    for (const [i, dataset] of ['as-xml', 'as-text'].entries())
      assert.equal((await json(`/epochs/${epoch}?dataset=${dataset}`)).EPOCH, [asXml, asText][i]?.[0]?.EPOCH);
});
