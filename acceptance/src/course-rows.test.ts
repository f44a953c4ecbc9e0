// The exact expectations of the course's clients: routes, methods, statuses, types, formats and texts, with data of a few records.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientResponse, pngSize } from './client.ts';
import { Stack, ownTest as test } from './stack.ts';

const JSON_TYPE = 'application/json';
const TEXT = 'text/plain; charset=utf-8';

const landings = [
  { name: 'Ruiz', id: '10001', recclass: 'L5', 'mass (g)': '21', reclat: '50.775', reclong: '6.08333', GeoLocation: '(50.775, 6.08333)' },
  { name: 'Beeler', id: '10002', recclass: 'H6', 'mass (g)': '720', reclat: '-5.5', reclong: '10.25', GeoLocation: '(-5.5, 10.25)' },
  { name: 'Brock', id: '10003', recclass: 'L5', 'mass (g)': '9', reclat: '20.0', reclong: '-70', GeoLocation: '(20.0, -70)' },
];
/** Texts and numbers from NASA's file of 2024-052. */
const states = [
  ['2024-052T12:00:00.000Z', '4721.5105798739096', '2692.6387190393002', '-4082.3502740408699'],
  ['2024-052T12:04:00.000Z', '3255.40408593245', '3477.7470817142398', '-4849.4419619836599'],
  ['2024-052T12:08:00.000Z', '1553.2933215427799', '4010.7468991515598', '-5263.9972699270802'],
  ['2024-052T12:12:00.000Z', '-261.34862045626102', '4253.1746722929802', '-5296.1069673632701'],
] as const;
const velocities = [
  ['-5.4614207249789404', '3.72333576790653', '-3.8618306484028202'],
  ['-6.6815260318011402', '2.7795716496999399', '-2.4918182140635001'],
  ['-7.41636649187486', '1.63519793497544', '-0.94189768208915003'],
  ['-7.6136961101315599', '0.37275476244953998', '0.67594566756106'],
] as const;
const header = { CREATION_DATE: '2024-053T05:33:17.180Z', ORIGINATOR: 'JSC' };
const metadata = {
  OBJECT_NAME: 'ISS',
  OBJECT_ID: '1998-067-A',
  CENTER_NAME: 'EARTH',
  REF_FRAME: 'EME2000',
  TIME_SYSTEM: 'UTC',
  START_TIME: '2024-052T12:00:00.000Z',
  STOP_TIME: '2024-052T12:12:00.000Z',
};
const comments = ['Units are in kg and m^2', '', 'MASS=459618.00'];
const km = (text: string) => ({ '#text': text, '@units': 'km' });
const kmPerSecond = (text: string) => ({ '#text': text, '@units': 'km/s' });
const vectors = states.map(([EPOCH, x, y, z], i) => {
  const [vx, vy, vz] = velocities[i] as (typeof velocities)[0];
  return { EPOCH, X: km(x), X_DOT: kmPerSecond(vx), Y: km(y), Y_DOT: kmPerSecond(vy), Z: km(z), Z_DOT: kmPerSecond(vz) };
});
const epochs = states.map(([epoch]) => epoch);
const FIRST = `/epochs/${epochs[0]}`;
const elements = (members: object) =>
  Object.entries(members)
    .map(([name, value]) =>
      typeof value === 'string' ? `<${name}>${value}</${name}>` : `<${name} units="${value['@units']}">${value['#text']}</${name}>`,
    )
    .join('');
const ephemeris = `<?xml version="1.0" encoding="UTF-8"?>
<ndm><oem id="CCSDS_OEM_VERS" version="2.0"><header>${elements(header)}</header><body><segment><metadata>${elements(metadata)}</metadata><data>${comments
  .map((line) => (line === '' ? '<COMMENT/>' : `<COMMENT>${line}</COMMENT>`))
  .join('')}${vectors.map((vector) => `<stateVector>${elements(vector)}</stateVector>`).join('\n')}</data></segment></body></oem></ndm>
`;
const measurements = Array.from({ length: 6 }, (_, hour) => ({
  datetime: `2023-02-01 0${hour}:00`,
  sample_volume: 1.2,
  calibration_constant: 1,
  detector_current: hour === 0 ? 9 : 1.25,
  analyzed_by: 'C. Milligan',
}));
const genes = [
  'hgnc_id\tsymbol\tlocus_group\tdate_approved_reserved\tgene_group_id\tpseudogene.org',
  'HGNC:5\tA1BG\tprotein-coding gene\t1989-06-30\t594\t',
  'HGNC:37133\tA1BG-AS1\tnon-coding RNA\t2009-07-20\t"1|2"\t',
];

const folder = mkdtempSync(join(tmpdir(), 'almanac-course-rows-'));
const sources = Object.entries({
  'meteorites=meteorites.json': JSON.stringify({ meteorite_landings: landings }),
  'iss=iss.xml': ephemeris,
  'genes=genes.tsv': `${genes.join('\n')}\n`,
  'turbidity=turbidity.json': JSON.stringify({ turbidity_data: measurements }),
}).map(([name, text]) => {
  const [profile, file] = name.split('=') as [string, string];
  writeFileSync(join(folder, file), text);
  return `${profile}=${join(folder, file)}`;
});
const env = { ALMANAC_SOURCES: sources.join() };
const seedStack = new Stack(env);
const laterStack = new Stack({ ...env, ALMANAC_PROFILE: 'iss', COURSE_EDITION: '2024' });
let seed: Client;
let later: Client;
before(async () => {
  await seedStack.start();
  seed = new Client(seedStack.url);
});
after(async () => {
  await Promise.all([seedStack.end(), laterStack.end()]);
  rmSync(folder, { recursive: true, force: true });
});

/** The expected response: an exact text, a value as JSON with a newline, words of its message, or a check by a function. */
type Expected = string | RegExp | object | number | ((answer: ClientResponse) => void);
interface Asked {
  body?: string;
  headers?: Record<string, string>;
}
type Row = readonly [request: string, status: number, expected: Expected, asked?: Asked];

const split = (request: string) => request.split(/ (.*)/) as [string, string];

async function check(client: Client, [request, status, expected, asked = {}]: Row): Promise<ClientResponse> {
  const [method, path] = split(request);
  const answer = await client.ask(method, path, asked);
  const type = answer.headers.get('content-type');
  const seen = `${request} ${asked.body ?? ''}: ${answer.status} ${type} ${answer.text.slice(0, 300)}`;
  assert.equal(answer.status, status, seen);
  if (typeof expected === 'function') expected(answer);
  else if (typeof expected === 'string') assert.deepEqual([answer.text, type], [expected, TEXT], seen);
  else if (expected instanceof RegExp) failure(answer, expected, seen);
  else {
    assert.equal(type, JSON_TYPE, seen);
    assert.deepEqual(answer.json, expected, seen);
    assert.equal(answer.text.at(-1), '\n', seen);
  }
  if (method === 'GET') await sameByHead(client, path, answer, asked);
  return answer;
}

/** Exactly `{"status":"Error","message":m,"error":m}`. */
function failure({ json, headers }: ClientResponse, words: RegExp, seen: string): void {
  assert.equal(headers.get('content-type'), JSON_TYPE, seen);
  assert.match(json.message, words, seen);
  assert.deepEqual(json, { status: 'Error', message: json.message, error: json.message }, seen);
}

async function sameByHead(client: Client, path: string, got: ClientResponse, { headers = {} }: Asked): Promise<void> {
  const head = await client.ask('HEAD', path, { headers });
  assert.deepEqual([head.status, head.bytes.length], [got.status, 0], `HEAD ${path}`);
  for (const name of ['content-type', 'content-disposition']) assert.equal(head.headers.get(name), got.headers.get(name), `HEAD ${path}`);
  // Texts that contain the current time vary in length, and a streamed list has no Content-Length.
  const told = got.headers.get('content-length');
  if (path !== '/now') assert.equal(head.headers.get('content-length'), told, `HEAD ${path}`);
  if (told !== null) assert.equal(told, String(got.bytes.length), `GET ${path}`);
}

function rows(what: string, client: () => Client, table: readonly Row[]): void {
  test(`${what}: ${table.length} rows`, async () => {
    for (const row of table) await check(client(), row);
  });
}
const one = () => seed;

rows('before anything is loaded', one, [
  ['GET /hello', 200, 'Hello, world!\n'],
  ['GET /hello/Ann', 200, 'Hello, Ann!\n'],
  ['GET /hello/', 404, /nothing at/],
  ['GET /', 200, ({ text, headers }) => assert.ok(text.includes('/help') && headers.get('content-type') === TEXT)],
  ['GET /', 200, ({ text }) => assert.match(text, /^<!doctype html>/), { headers: { accept: 'text/html' } }],
  ['GET /data', 200, []],
  ['GET /data?shape=dict', 200, {}],
  ['GET /get-keys', 200, []],
  ['GET /epochs', 200, []],
  ['GET /comment', 200, []],
  ['GET /header', 200, {}],
  ['GET /metadata', 200, {}],
  ['GET /genes', 200, []],
  ['GET /degrees', 200, []],
  ['GET /jobs', 200, {}],
  ['GET /mars/sites', 200, { sites: [] }],
  ['GET /turbidity/history', 200, []],
  ['GET /meteorites/classes', 200, {}],
  ['GET /meteorites/hemispheres', 200, ({ json }) => assert.deepEqual(Object.values(json), [0, 0, 0, 0])],
  ['GET /data/10001', 404, /no record with the id '10001'/],
  [`GET ${FIRST}`, 404, /Epoch not found/],
  [`GET ${FIRST}/speed`, 404, /Epoch not found/],
  [`GET ${FIRST}/location`, 404, /Epoch not found/],
  ['GET /genes/HGNC:5', 404, /no gene 'HGNC:5'/],
  ['GET /degrees/2', 404, /no degrees with the id '2'/],
  ['GET /now', 404, /POST \/data\?dataset=iss loads them/],
  ['GET /mars/trip', 404, /POST \/data\?dataset=mars loads them/],
  ['GET /turbidity', 404, /POST \/data\?dataset=turbidity loads them/],
  ['GET /meteorites/average', 404, /No meteorite landings are loaded/],
  ['GET /image', 404, /POST \/image draws it/],
  ['POST /image', 400, /No data loaded/],
  ['POST /jobs', 400, /No data loaded: data set 'meteorites' is empty. POST \/data loads it/],
  ['POST /submit', 400, /No data loaded/],
  ['DELETE /data', 200, 'Data deleted\n'],
  ['DELETE /delete-data', 200, 'Data deleted\n'],
  ['DELETE /image', 200, 'Image deleted\n'],
  ['DELETE /jobs', 200, 'Jobs deleted\n'],
]);

rows('loading, with no body and again', one, [
  ['POST /data', 200, 'Data loaded\n'],
  ['POST /data', 200, 'Data loaded\n'],
  ['POST /data', 200, 'Data loaded\n', { body: '', headers: { 'content-type': 'application/json' } }],
  ['POST /post-data', 200, 'Data refreshed\n'],
  ['POST /post-data', 200, 'Data refreshed\n'],
  ...['iss', 'genes', 'turbidity', 'degrees', 'mars'].map((id): Row => [`POST /data?dataset=${id}`, 200, 'Data loaded\n']),
  ['POST /data?dataset=other', 400, /no source of its own/],
]);

rows('meteorites', one, [
  ['GET /data', 200, landings],
  ['GET /data', 200, landings, { headers: { accept: 'text/html' } }],
  ['GET /data?start=1', 200, landings.slice(1)],
  ['GET /data?start=3', 200, []],
  ['GET /data?limit=1&offset=1', 200, [landings[1]]],
  ['GET /data?limit=10000000000000000000&offset=2', 200, [landings[2]]],
  ['GET /data?limit=0', 200, []],
  ['GET /data?offset=10000000000000000000', 200, []],
  ['GET /data?limit=&offset=&start=&search=&shape=&dataset=', 200, landings],
  ['GET /data?limit=1&limit=2', 200, landings.slice(0, 2)],
  ['GET /data?search=beel', 200, [landings[1]]],
  ['GET /data?search=nothing', 200, []],
  ['GET /data?shape=dict', 200, Object.fromEntries(landings.map((landing) => [landing.id, landing]))],
  ['GET /data?shape=dict&search=brock', 200, { 10003: landings[2] }],
  ['GET /data/10002', 200, landings[1] as object],
  ['GET /get-keys', 200, ['10001', '10002', '10003']],
  ['GET /data/', 404, /no record/],
  ['GET /data/10004', 404, /no record with the id '10004'/],
  ...['start=abc', 'start=-1', 'start=1.5'].map((query): Row => [`GET /data?${query}`, 400, /start must be a non-negative integer/]),
  ...['limit=abc', 'limit=-10', 'limit=1.0', 'offset=-5', 'offset=x', 'limit=1&limit=abc'].map(
    (query): Row => [`GET /data?${query}`, 400, /limit and offset must be non-negative integers/],
  ),
  ['GET /meteorites/average?column=mass%20(g)', 200, { column: 'mass (g)', average: 250, count: 3, missing: 0 }],
  ['GET /meteorites/average', 200, { column: 'mass (g)', average: 250, count: 3, missing: 0 }],
  ['GET /meteorites/average?column=weight', 400, /no column 'weight'/],
  [
    'GET /meteorites/hemispheres',
    200,
    { 'Northern & Eastern': 1, 'Northern & Western': 1, 'Southern & Eastern': 1, 'Southern & Western': 0 },
  ],
  ['GET /meteorites/classes?dataset=meteorites', 200, { L5: 2, H6: 1 }],
  ['GET /meteorites/classes?dataset=genes', 404, /holds other records/],
]);

const awarded = [5818, 5725, 6005, 6123, 6096].map((degrees, id) => ({ id, year: 1990 + id, degrees }));
const wrongStart = 'Invalid start parameter; start must be an integer.';
rows('degrees', one, [
  ['GET /degrees', 200, awarded],
  ['GET /degrees?start=1993', 200, awarded.slice(3)],
  ['GET /degrees?limit=2&offset=1', 200, awarded.slice(1, 3)],
  ['GET /degrees?start=2000', 200, []],
  ['GET /degrees?start=abc', 400, wrongStart],
  ['GET /degrees?start=1990.5', 400, wrongStart],
  ['GET /degrees?limit=abc', 400, /limit and offset must be non-negative integers/],
  ['GET /degrees/2', 200, awarded[2] as object],
  ['GET /degrees/2/degrees', 200, 6005],
  ...['A', '-1', '99', '2.0', '99/degrees'].map((id): Row => [`GET /degrees/${id}`, 404, /There are no degrees/]),
]);

const stateVectors = {
  ndm: {
    oem: {
      '@id': 'CCSDS_OEM_VERS',
      '@version': '2.0',
      header,
      body: {
        segment: {
          metadata,
          data: { COMMENT: comments.map((line) => line || null), stateVector: vectors },
        },
      },
    },
  },
};
const plain = Object.fromEntries(
  Object.entries(vectors[0] as object).map(([name, value]) => [name, typeof value === 'string' ? value : Number(value['#text'])]),
);
const located = (altitude: 'nested' | 'flat', { json }: ClientResponse): void => {
  assert.deepEqual(Object.keys(json), ['latitude', 'longitude', 'altitude', 'geoposition', 'geo']);
  const height = altitude === 'flat' ? json.altitude : json.altitude.value;
  if (altitude === 'nested') assert.deepEqual(Object.keys(json.altitude), ['value', 'units']);
  assert.ok(height > 400 && height < 440, `${height} km`);
  assert.ok(json.latitude < -36 && json.latitude > -38 && json.longitude > 58 && json.longitude < 60);
  assert.ok(typeof json.geoposition === 'string' && json.geoposition.length > 0);
  assert.ok(typeof json.geo === 'object' && json.geo !== null && !Array.isArray(json.geo));
};
const stationNow = ({ json }: ClientResponse): void => {
  const { location, geo, speed, interpolated } = json;
  for (const name of ['closest_epoch', 'seconds_from_now', 'location', 'geo', 'speed', 'latitude', 'longitude', 'altitude', 'geoposition'])
    assert.ok(name in json, name);
  assert.deepEqual([json.closest_epoch, json.seconds_from_now], [epochs[1], 90]);
  assert.deepEqual(Object.keys(location), ['latitude', 'longitude', 'altitude', 'geo']);
  assert.deepEqual([location.geo, location.latitude, location.longitude], [geo, json.latitude, json.longitude]);
  assert.deepEqual(location.altitude, { value: json.altitude, units: 'km' });
  assert.equal(speed.units, 'km/s');
  assert.deepEqual(Object.keys(interpolated).slice(0, 5), ['time', 'latitude', 'longitude', 'altitude', 'speed']);
  assert.ok(interpolated.speed > 7.6 && interpolated.speed < 7.7);
};
rows('the station', one, [
  ['GET /epochs', 200, epochs],
  ['GET /epochs?limit=1&offset=2', 200, [epochs[2]]],
  ['GET /epochs?limit=&offset=', 200, epochs],
  ['GET /epochs?limit=10000000000000000000', 200, epochs],
  ['GET /epochs?limit=0', 200, []],
  ['GET /epochs?offset=4', 200, []],
  ...['limit=abc', 'limit=-10', 'offset=-5', 'offset=1.5'].map(
    (query): Row => [`GET /epochs?${query}`, 400, /limit and offset must be non-negative integers/],
  ),
  ['GET /epochs?shape=objects', 200, vectors],
  ['GET /epochs?shape=plain&limit=1', 200, [plain]],
  ['GET /epochs?shape=things', 400, /no such shape/],
  [`GET ${FIRST}`, 200, ({ text, json }) => assert.deepEqual([text, json], [`${JSON.stringify(vectors[0])}\n`, vectors[0]])],
  [`GET ${FIRST.replaceAll(':', '%3A')}`, 200, vectors[0] as object],
  [`GET ${FIRST}?shape=plain`, 200, plain],
  [`GET ${FIRST}/speed`, 200, ({ text }) => assert.equal(text, '{"speed":7.655330269344684,"units":"km/s"}\n')],
  [`GET ${FIRST}/location`, 200, (answer) => located('nested', answer)],
  [`GET ${FIRST}/location?shape=flat`, 200, (answer) => located('flat', answer)],
  ['GET /now?now=2024-052T12:05:30.000Z', 200, stationNow],
  ['GET /now', 200, ({ json }) => assert.equal(json.closest_epoch, epochs[3])],
  ['GET /now?now=noon', 400, /now/],
  ['GET /comment', 200, comments],
  ['GET /header', 200, header],
  ['GET /metadata', 200, metadata],
  ...['xyz', '2024-052T12:00:01.000Z', '2024-052', '', '%20'].flatMap((epoch): Row[] =>
    ['', '/speed', '/location'].map((path): Row => [`GET /epochs/${epoch}${path}`, 404, /Epoch not found|nothing at/]),
  ),
  ['GET /epochs/null/speed', 404, /Epoch not found/],
]);

const gene = {
  hgnc_id: 'HGNC:5',
  symbol: 'A1BG',
  locus_group: 'protein-coding gene',
  date_approved_reserved: '1989-06-30',
  gene_group_id: 594,
  'pseudogene.org': '',
};
rows('genes, turbidity, Mars', one, [
  ['GET /genes', 200, ['HGNC:5', 'HGNC:37133']],
  ['GET /genes?limit=1&offset=1', 200, ['HGNC:37133']],
  ['GET /genes/HGNC:5', 200, gene],
  ['GET /genes/HGNC%3A5', 200, ({ json }) => assert.equal(json.hgnc_id, 'HGNC:5')],
  ['GET /genes/HGNC:37133?shape=json', 200, ({ json }) => assert.deepEqual(json.gene_group_id, [1, 2])],
  ['GET /genes/HGNC:5?shape=xml', 400, /no such shape/],
  ['GET /genes/HGNC:6', 404, /no gene 'HGNC:6'/],
  ['GET /data?dataset=genes&limit=1', 200, ({ json }) => assert.deepEqual(Object.keys(json[0]), Object.keys(gene))],
  ['GET /get-keys?dataset=genes', 200, ['HGNC:5', 'HGNC:37133']],
  [
    'GET /turbidity?f=text',
    200,
    'Average turbidity based on most recent five measurements = 1.2500 NTU\nWarning: Turbidity is above threshold for safe use\nMinimum time required to return below a safe threshold = 11.05 hours\n',
  ],
  ['GET /turbidity', 200, ({ json }) => assert.deepEqual([json.turbidity, json.safe, json.threshold], [1.25, false, 1])],
  ['GET /turbidity/history?limit=1', 200, [{ datetime: '2023-02-01 00:00', turbidity: 9 }]],
  ['GET /data?dataset=turbidity', 200, measurements],
  ['POST /mars/sites', 200, ({ json }) => assert.equal(json.sites.length, 5)],
  ['POST /mars/sites', 200, ({ json }) => assert.equal(json.sites.length, 2), { body: '{"seed":7,"n":2}' }],
  ['POST /mars/sites', 400, /n: '0' is not a whole number/, { body: '{"n":0}' }],
  ['GET /mars/sites', 200, ({ json }) => assert.deepEqual(Object.keys(json.sites[0]), ['site_id', 'latitude', 'longitude', 'composition'])],
  [
    'GET /mars/trip?f=text',
    200,
    ({ text }) =>
      assert.match(
        text,
        /^(leg = \d, time to travel = [\d.]+ hr, time to sample = \d hr\n){2}={31}\nnumber of legs = 2, total time elapsed = [\d.]+ hr\n$/,
      ),
  ],
  ['GET /mars/trip', 200, ({ json }) => assert.deepEqual([json.number_of_legs, json.legs.length], [2, 2])],
]);

describe('records in the body of POST /data', () => {
  const table: [string, string, unknown][] = [
    ['a list', '[{"id":1,"v":2.50}]', [{ id: 1, v: 2.5 }]],
    ['the course’s object', JSON.stringify({ meteorite_landings: landings.slice(0, 1) }), landings.slice(0, 1)],
    ['HGNC’s object', '{"responseHeader":{"status":0},"response":{"numFound":1,"start":0,"docs":[{"id":"a"}]}}', [{ id: 'a' }]],
    ['rows', '{"rows":[{"a":1},{"a":2}]}', [{ a: 1 }, { a: 2 }]],
  ];
  for (const [what, body, records] of table)
    test(`${what}, with any content type`, async () => {
      for (const type of ['application/x-www-form-urlencoded', 'application/json', 'text/plain']) {
        await check(seed, ['POST /data', 200, 'Data loaded\n', { body, headers: { 'content-type': type } }]);
        await check(seed, ['GET /data', 200, records as object]);
      }
    });

  test('an invalid body changes nothing, and the source can be loaded again', async () => {
    for (const body of ['[]', '[1', 'null', '{"meteorite_landings":[]}']) await check(seed, ['POST /data', 400, /./, { body }]);
    await check(seed, ['GET /data', 200, [{ a: 1 }, { a: 2 }]]);
    await check(seed, ['POST /data', 200, 'Data loaded\n']);
    await check(seed, ['GET /data', 200, landings]);
  });
});

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

async function submitted(body: object | undefined, query = ''): Promise<string> {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const asked = body === undefined ? {} : { body: JSON.stringify(body), headers: form };
  const { json } = await check(seed, [
    `POST /jobs${query}`,
    200,
    ({ headers }) => assert.equal(headers.get('content-type'), JSON_TYPE),
    asked,
  ]);
  assert.match(json.id, uuid4);
  assert.deepEqual(json, { ...body, id: json.id, status: 'submitted' });
  return json.id;
}

async function complete(id: string): Promise<void> {
  for (let i = 0; i < 300; i++, await sleep(30)) {
    const { status } = (await seed.get(`/jobs/${id}`)).json;
    if (status === 'complete') return;
    assert.ok(['submitted', 'in progress'].includes(status), `${id}: ${status}`);
  }
  assert.fail(`job ${id} did not complete`);
}

describe('jobs', () => {
  test('all members of the body of a course client are returned, and the job completes', async () => {
    const ids = new Set<string>();
    for (const body of [
      undefined,
      {},
      { start: '2001', end: '2021' },
      { id: 'mine', status: 'submitted', start: 2001, end: 2021 },
      { start: '2025-03-01', end: '2025-03-05', type: 'magnitude_distribution' },
      { 'job parameters': { 'Year Modified Start': '2001', deep: [{ a: null }] }, message: 'mine', error: 'e', '': 0.5 },
      { recclass: 'L5', flavour: 'mild' },
      { recclass: 'none such' },
      { plot_type: 'hist', column: 'mass (g)' },
    ])
      ids.add(await submitted(body));
    assert.equal(ids.size, 9);
    for (const id of ids) await complete(id);
    const { json } = await seed.get('/jobs?shape=list');
    assert.deepEqual(Object.keys((await seed.get('/jobs')).json), [...ids]);
    assert.deepEqual((await seed.get('/jobs?shape=ids')).json, [...ids]);
    assert.deepEqual(
      json.map((job: { id: string }) => job.id),
      [...ids],
    );
  });

  test('an invalid body returns 400 and creates no job', async () => {
    const before = (await seed.get('/jobs?shape=ids')).json;
    for (const [body, words, query = ''] of [
      ['{"start":', /^Invalid JSON: /],
      ['start=2001&end=2021', /^Invalid JSON: /],
      ['[]', /an object is expected/],
      ['{"start":"2021","end":"2001"}', /start '2021' is after end '2001'/],
      ['{"start_date":"2021-05-06","end_date":"2021-05-05"}', /is after/],
      ['{"year":"soon"}', /year: 'soon' is not a time/, '?dataset=genes'],
      ['{"column":"mas (g)"}', /did you mean 'mass \(g\)'/],
    ] as [string, RegExp, string?][]) {
      await check(seed, [`POST /jobs${query}`, 400, words, { body }]);
      await check(seed, [`POST /submit${query}`, 400, words, { body }]);
    }
    assert.deepEqual((await seed.get('/jobs?shape=ids')).json, before);
  });

  test('202 with a message until the job ends, then results and the picture as a file', async () => {
    // Rows that no earlier job has drawn: an existing result would be reused.
    await seedStack.kill('renderer');
    const id = await submitted({ recclass: 'H6', n: 1 });
    const paths = [`/jobs/${id}/results`, `/results/${id}`, `/download/${id}`];
    for (const path of paths)
      await check(seed, [`GET ${path}`, 202, { id, status: 'submitted', message: `Job ${id} is not finished: its status is submitted.` }]);
    await check(seed, [`GET /jobs/${id}`, 200, { id, status: 'submitted', recclass: 'H6', n: 1 }]);
    seedStack.launch('renderer');
    await complete(id);
    await check(seed, [`GET /jobs/${id}`, 200, { id, status: 'complete', recclass: 'H6', n: 1 }]);
    for (const path of paths.slice(0, 2))
      await check(seed, [
        `GET ${path}`,
        200,
        ({ json }) => assert.deepEqual([json.status, json.statistics.reclat.count, json.image], ['complete', 1, `/download/${id}`]),
      ]);
    await check(seed, [
      `GET /download/${id}`,
      200,
      ({ headers, bytes }) => {
        assert.deepEqual(pngSize(bytes), { width: 640, height: 480 });
        assert.deepEqual(
          [headers.get('content-type'), headers.get('content-disposition')],
          ['image/png', `attachment; filename="${id}.png"`],
        );
      },
    ]);
  });

  test('POST /submit, the picture of a data set, and DELETE of all', async () => {
    const { text } = await check(seed, ['POST /submit', 200, ({ headers }) => assert.equal(headers.get('content-type'), TEXT)]);
    const [, id = ''] = /^Job ([0-9a-f-]{36}) successfully submitted\n$/.exec(text) ?? [];
    await complete(id);
    const picture: Row = [
      'GET /image',
      200,
      ({ bytes, headers }) => {
        assert.deepEqual(pngSize(bytes), { width: 640, height: 480 });
        assert.deepEqual(
          [headers.get('content-type'), headers.get('content-disposition')],
          ['image/png', 'attachment; filename="meteorites.png"'],
        );
      },
    ];
    for (const row of [
      ['POST /image', 200, 'Image created\n'],
      picture,
      ['GET /image?dataset=genes', 404, /no image/],
      ['DELETE /jobs', 200, 'Jobs deleted\n'],
      picture,
      ['DELETE /image', 200, 'Image deleted\n'],
      ['DELETE /image', 200, 'Image deleted\n'],
      ['GET /image', 404, /no image/],
      ['GET /jobs', 200, {}],
      ['GET /jobs?shape=', 200, {}],
      ['GET /jobs?shape=all', 400, /no such shape/],
    ] as Row[])
      await check(seed, row);
    for (const name of [id, 'abc', '8E03978E-40D5-43E8-BC93-6894A57F9324'])
      for (const path of [`/jobs/${name}`, `/jobs/${name}/results`, `/results/${name}`, `/download/${name}`])
        await check(seed, [`GET ${path}`, 404, /no job/]);
  });
});

/** Every route of the dialect, with its methods except HEAD. */
const methodsOf: Readonly<Record<string, string>> = {
  '/': 'GET',
  '/hello': 'GET',
  '/hello/x': 'GET',
  '/data': 'DELETE GET POST',
  '/data/1': 'GET',
  '/get-keys': 'GET',
  '/post-data': 'POST',
  '/delete-data': 'DELETE',
  '/degrees': 'GET',
  '/degrees/1': 'GET',
  '/degrees/1/degrees': 'GET',
  '/epochs': 'GET',
  '/epochs/x': 'GET',
  '/epochs/x/speed': 'GET',
  '/epochs/x/location': 'GET',
  '/now': 'GET',
  '/comment': 'GET',
  '/header': 'GET',
  '/metadata': 'GET',
  '/genes': 'GET',
  '/genes/HGNC:5': 'GET',
  '/image': 'DELETE GET POST',
  '/jobs': 'DELETE GET POST',
  '/jobs/x': 'GET',
  '/jobs/x/results': 'GET',
  '/results/x': 'GET',
  '/download/x': 'GET',
  '/submit': 'POST',
  '/mars/sites': 'GET POST',
  '/mars/trip': 'GET',
  '/turbidity': 'GET',
  '/turbidity/history': 'GET',
  '/meteorites/average': 'GET',
  '/meteorites/hemispheres': 'GET',
  '/meteorites/classes': 'GET',
};

test('a wrong method returns 405 in JSON with the allowed methods, on every route', async () => {
  for (const [path, methods] of Object.entries(methodsOf)) {
    const taken = methods.replace('GET', 'GET HEAD').split(' ');
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      if (taken.includes(method)) continue;
      const answer = await seed.ask(method, path);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers.get('allow'), taken.join(', '), `${method} ${path}`);
      failure(answer, /is not allowed/, `${method} ${path}`);
    }
  }
});

test('every route is in /help, as text, and as JSON if the client accepts only JSON', async () => {
  const { text, headers } = await seed.get('/help');
  assert.equal(headers.get('content-type'), TEXT);
  assert.equal((await seed.get('/help', { accept: 'text/html' })).text, text);
  const { json } = await seed.get('/help', { accept: 'application/json' });
  const shown = Object.keys(json).map((name) => name.replace(/\{\w+\}/g, 'x'));
  for (const [path, methods] of Object.entries(methodsOf)) {
    for (const method of methods.split(' ')) {
      const name = `${method} ${path.replace(/\/(1|HGNC:5)(?=\/|$)/, '/x')}`;
      assert.ok(shown.includes(name), name);
    }
  }
  for (const name of Object.keys(json)) assert.ok(text.includes(`\n  ${name}\n      ${json[name]}\n`), name);
});

rows('paths there are not', one, [
  ...[
    '/epoch',
    '/Data',
    '/epochs/x/',
    '/degrees/2/year',
    '/jobs/x/image',
    '/results',
    '/download',
    '/mars',
    '/meteorites',
    '/favicon.ico',
  ].map((path): Row => [`GET ${path}`, 404, /nothing at/]),
  ['GET /epoch', 404, /did you mean '\/epochs'/, { headers: { accept: 'text/html' } }],
  ['POST /load_data', 404, /nothing at/],
  ['DELETE /nothing', 404, /nothing at/],
]);

rows('after deletion', one, [
  ['DELETE /data', 200, 'Data deleted\n'],
  ['GET /data?dataset=genes', 200, ({ json }) => assert.equal(json.length, 2)],
  ['DELETE /data?dataset=genes', 200, 'Data deleted\n'],
  ['DELETE /data?dataset=iss', 200, 'Data deleted\n'],
  ['GET /data', 200, []],
  ['GET /data?shape=dict', 200, {}],
  ['GET /get-keys', 200, []],
  ['GET /genes', 200, []],
  ['GET /epochs', 200, []],
  ['GET /comment', 200, []],
  ['GET /header', 200, {}],
  ['GET /data/10001', 404, /no record/],
  ['GET /genes/HGNC:5', 404, /no gene/],
  [`GET ${FIRST}/speed`, 404, /Epoch not found/],
  ['GET /now', 404, /No state vectors are loaded/],
  ['POST /jobs', 400, /No data loaded/],
  ['GET /degrees/2/degrees', 200, 6005],
]);

describe('an application of the later edition', () => {
  // One after another: ten services at once are too many for a small machine.
  before(async () => {
    await seedStack.end();
    await laterStack.start();
    later = new Client(laterStack.url);
  });

  rows('the later edition', () => later, [
    ['GET /epochs', 200, vectors],
    ['GET /epochs?shape=list', 200, epochs],
    [`GET ${FIRST}`, 200, vectors[0] as object],
    [`GET ${FIRST}/location`, 200, (answer) => located('flat', answer)],
    [`GET ${FIRST}/location?shape=nested`, 200, (answer) => located('nested', answer)],
    ['GET /jobs', 200, []],
    ['GET /jobs?shape=dict', 200, {}],
    ['GET /', 200, stateVectors],
    ['GET /', 200, ({ text }) => assert.match(text, /^<!doctype html>/), { headers: { accept: 'text/html,*/*;q=0.8' } }],
    ['DELETE /delete-data', 200, 'Data deleted\n'],
    ['GET /epochs', 200, []],
    ['GET /metadata', 200, {}],
    ['POST /post-data', 200, 'Data refreshed\n'],
    ['GET /metadata', 200, metadata],
  ]);
});
