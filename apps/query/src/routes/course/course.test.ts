import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Schema } from '@almanac/domain';
import { deleteDataset, markedAsLoading } from '@almanac/store';
import { column, load, startQuery, type TestQuery } from '../../testing.ts';

let query: TestQuery;
before(async () => {
  query = await startQuery();
  await load(query.redis, 'meteorites', landings, csv);
});
after(() => query.end());

type Json = Record<string, unknown>;
const names = ['name', 'id', 'recclass', 'mass (g)', 'reclat', 'reclong'];
const csv: Schema = {
  key: 'id',
  format: 'csv',
  columns: names.map((name) => column(name, ['name', 'recclass'].includes(name) ? 'string' : 'number')),
};
const landings = Array.from(
  { length: 1500 },
  (_, i) => `{"name":"Stone ${i}","id":${i},"recclass":"L${i % 7}","mass (g)":${i}.50,"reclat":null,"reclong":-${i / 10}}`,
);
const shown = (i: number) => ({
  name: `Stone ${i}`,
  id: String(i),
  recclass: `L${i % 7}`,
  'mass (g)': `${i}.50`,
  reclat: '',
  reclong: `-${i / 10}`,
});

test('GET /data is a plain list with the values as the source has them', async () => {
  const { status, headers, text, json } = await query.get<Json[]>('/data');
  assert.deepEqual([status, headers['content-type']], [200, 'application/json']);
  assert.deepEqual(
    json,
    landings.map((_, i) => shown(i)),
  );
  assert.ok(text.endsWith(']\n'));
});

for (const [url, places] of [
  ['/data?start=1498', [1498, 1499]],
  ['/data?limit=2&offset=3', [3, 4]],
  ['/data?start=2&limit=2&offset=3', [5, 6]],
  ['/data?limit=0', []],
  ['/data?start=5000', []],
  ['/data?limit=99999999999999999999&start=1499', [1499]],
  ['/data?search=stone%201499', [1499]],
  ['/data?search=1499.5', [1499]],
  ['/data?search=recclass', []],
  ['/data?search=L6&limit=2&offset=1', [13, 20]],
  ['/data?limit=1&limit=2', [0, 1]],
  ['/data?dataset=&limit=1', [0]],
  ['/data?nonsense=1&limit=1', [0]],
  ['/data?limit=1&start=&offset=&search=&shape=&dataset=', [0]],
] as const) {
  test(`GET ${url}`, async () => assert.deepEqual((await query.get<Json[]>(url)).json, places.map(shown)));
}

for (const [url, status, message] of [
  ['/data?start=abc', 400, /start must be a non-negative integer/],
  ['/data?start=-1', 400, /start/],
  ['/data?limit=1.5', 400, /limit and offset must be non-negative integers/],
  ['/data?offset=-2', 400, /limit and offset must be non-negative integers/],
  ['/data?shape=dcit', 400, /did you mean 'dict'/],
  ['/data?shape=tsv', 400, /no such shape/],
  ['/data/1234?shape=nonsense', 400, /no such shape \(there are: list, dict\)/],
  ['/genes/HGNC:5?shape=nonsense', 400, /no such shape \(there are: tsv, json\)/],
  ['/data?dataset=meteorits', 404, /did you mean 'meteorites'/],
  ['/data?dataset=../x', 404, /no data set/],
  ['/data/99999', 404, /no record with the id '99999'/],
  ['/data/%00', 404, /no record/],
  ['/genes/HGNC:5', 404, /no gene/],
  ['/now', 404, /POST \/data\?dataset=iss loads them/],
  ['/genes/HGNC:5?shape=tvs', 400, /did you mean 'tsv'/],
  ['/epochs?dataset=meteorites', 404, /holds other records than this route is about/],
  ['/v1/datasets/meteorites/iss/at?time=2024-01-01', 404, /holds other records/],
  ['/turbidity', 404, /No measurements are loaded/],
] as const) {
  test(`GET ${url} is ${status}`, async () => {
    const answer = await query.get<Json>(url);
    assert.equal(answer.status, status);
    const words = (url.startsWith('/v1/') ? answer.json.detail : answer.json.message) as string;
    assert.match(words, message);
    assert.equal(answer.headers['content-type'], url.startsWith('/v1/') ? 'application/problem+json' : 'application/json');
    if (!url.startsWith('/v1/')) assert.deepEqual(answer.json, { status: 'Error', message: words, error: words });
  });
}

test('records by their id, in an object or one alone', async () => {
  const { json } = await query.get<Json>('/data?shape=dict');
  assert.equal(Object.keys(json).length, 1500);
  assert.deepEqual(json['1234'], shown(1234));
  assert.deepEqual((await query.get('/data?shape=dict&start=3&limit=1')).json, { 3: shown(3) });
  assert.deepEqual((await query.get('/data?shape=dict&search=stone%207&limit=1')).json, { 7: shown(7) });
  assert.deepEqual((await query.get('/data?shape=dict&limit=0')).json, {});
  assert.deepEqual((await query.get('/data/1234')).json, shown(1234));
});

test('records without a key are named by their number, whichever of them are asked for', async () => {
  const keyless: Schema = { format: 'json', columns: ['a', 'b'].map((name) => column(name)) };
  await load(query.redis, 'turbidity', ['{"a":"x","b":1}', '{"a":"x","b":1}', '{"a":"y","b":1}'], keyless);
  for (const part of ['search=y', 'start=2', 'limit=1&offset=2'])
    assert.deepEqual((await query.get(`/data?dataset=turbidity&shape=dict&${part}`)).json, { 2: { a: 'y', b: 1 } }, part);
  assert.deepEqual((await query.get('/data/2?dataset=turbidity')).json, { a: 'y', b: 1 });
});

test('GET /get-keys names every record as GET /data/<id> finds it, and none where nothing is loaded', async () => {
  assert.deepEqual(
    (await query.get('/get-keys')).json,
    landings.map((_, i) => String(i)),
  );
  assert.deepEqual((await query.get('/get-keys?dataset=turbidity')).json, ['0', '1', '2']);
  assert.equal((await query.get('/get-keys?dataset=genes')).text, '[]\n');
  assert.equal((await query.get('/get-keys?dataset=nothing')).status, 404);
});

test('records without a key are named by their place in the set, as /data/<place> finds them', async () => {
  await load(query.redis, 'lines', ['{"a":"x"}', '{"a":"y"}', '{"a":"x2"}', '{"a":"y2"}'], { columns: [column('a')] });
  assert.deepEqual((await query.get('/data?dataset=lines&shape=dict&search=y')).json, { 1: { a: 'y' }, 3: { a: 'y2' } });
  assert.deepEqual((await query.get('/data?dataset=lines&shape=dict&search=y&offset=1')).json, { 3: { a: 'y2' } });
  assert.deepEqual((await query.get('/data?dataset=lines&shape=dict&start=2')).json, { 2: { a: 'x2' }, 3: { a: 'y2' } });
  assert.deepEqual((await query.get('/data/3?dataset=lines')).json, { a: 'y2' });
});

test('a profile’s routes are asked of its own data set, of the one that is named, or of the default one', async () => {
  await load(query.redis, 'degrees', ['{"id":0,"year":1990,"degrees":5818}'], degrees);
  await load(query.redis, 'others', ['{"id":0,"year":2001,"degrees":1}', '{"id":1,"year":2002,"degrees":2}'], degrees);
  assert.equal((await query.get<Json[]>('/degrees')).json.length, 1);
  assert.equal((await query.get<Json[]>('/degrees?dataset=others')).json.length, 2);
  assert.equal((await query.get('/degrees/0/degrees')).text, '5818\n');
  const other = await startQuery(undefined, { COURSE_EDITION: 'seed', ALMANAC_DEFAULT_DATASET: 'others' });
  await load(other.redis, 'others', ['{"id":0,"year":2001,"degrees":1}'], degrees);
  await load(other.redis, 'degrees', ['{"id":7,"year":1990,"degrees":5818}'], degrees);
  assert.equal((await other.get<Json[]>('/degrees')).json[0]?.year, 2001);
  assert.equal((await other.get<Json[]>('/degrees?dataset=')).json[0]?.year, 2001);
  assert.equal((await other.get<Json[]>('/data')).json[0]?.year, 2001);
  assert.equal((await other.get<Json[]>('/data?dataset=degrees')).json[0]?.id, 7);
  await other.end();
});
const degrees: Schema = { key: 'id', format: 'json', columns: ['id', 'year', 'degrees'].map((name) => column(name, 'integer')) };

const state = '{"EPOCH":"2024-052T12:00:00.000Z","X":1.0,"Y":2,"Z":7000,"X_DOT":3,"Y_DOT":4,"Z_DOT":0}';
const oem: Schema = {
  key: 'EPOCH',
  format: 'oem',
  columns: ['EPOCH', 'X', 'Y', 'Z', 'X_DOT', 'Y_DOT', 'Z_DOT'].map((name) => column(name, name === 'EPOCH' ? 'time' : 'number')),
};

test('a path that is everybody’s shows the default data set, and nothing where that is another kind', async () => {
  assert.equal((await query.get('/')).status, 404);
  assert.equal((await query.get('/?dataset=meteorites')).status, 404);
  assert.equal((await query.get('/?dataset=iss')).text, '{}\n');
  await load(query.redis, 'another', [state], oem);
  assert.equal((await query.get<{ ndm: object }>('/?dataset=another')).json.ndm !== undefined, true);
  const iss = await startQuery(undefined, { COURSE_EDITION: '2024', ALMANAC_PROFILE: 'iss' });
  assert.equal((await iss.get('/')).text, '{}\n');
  await load(iss.redis, 'iss', [state], oem);
  assert.equal((await iss.get<{ ndm: object }>('/')).json.ndm !== undefined, true);
  const [first] = (await iss.get<Json[]>('/epochs')).json;
  assert.deepEqual(first?.X, { '#text': '1.0', '@units': 'km' });
  assert.equal((await iss.get('/epochs/2024-052T12:00:00.000Z/speed')).text, '{"speed":5,"units":"km/s"}\n');
  const location = (await iss.get<Json>('/epochs/2024-052T12:00:00.000Z/location')).json;
  assert.deepEqual([typeof location.altitude, location.geoposition], ['number', 'over the Testing Sea']);
  assert.equal((await iss.get<Json>('/v1/datasets/iss/iss/at?time=2024-02-21T12:00:00Z')).json.method, 'exact');
  assert.equal((await iss.get('/v1/datasets/is/iss/at?time=2024-02-21T12:00:00Z')).status, 404);
  await iss.end();
});

test('a request for a profile’s route reads one data set version', async () => {
  const one = await startQuery();
  await load(one.redis, 'meteorites', landings, csv);
  await load(one.redis, 'iss', [state], oem);
  const commands = await commandsOf(one, '/epochs/2024-052T12:00:00.000Z/location');
  assert.deepEqual(commands, ['hmget ds:m:{iss}']);
  await deleteDataset(one.redis, 'meteorites');
  assert.deepEqual(await commandsOf(one, '/epochs/2024-052T12:00:00.000Z/location'), ['hmget ds:m:{iss}']);
  await one.end();
});

test('a profile’s route finds its records in the default data set if its own is empty', async () => {
  const other = await startQuery();
  await load(other.redis, 'meteorites', [state], oem);
  assert.deepEqual((await other.get('/epochs')).json, ['2024-052T12:00:00.000Z']);
  await other.end();
});

/** The Redis commands of a request that was made before: the fewest of three times, because copies are also compared in the background. */
async function commandsOf(service: TestQuery, url: string): Promise<string[]> {
  let fewest: string[] | undefined;
  for (let i = 0; i < 4; i++) {
    const sent: string[] = [];
    const { redis } = service;
    const send = redis.sendCommand;
    redis.sendCommand = (command, ...rest) => {
      sent.push(`${command.name} ${command.args[0]}`);
      return send.call(redis, command, ...rest);
    };
    assert.equal((await service.get(url)).status, 200);
    redis.sendCommand = send;
    if (i > 0 && sent.length <= (fewest?.length ?? sent.length)) fewest = sent;
  }
  return fewest as string[];
}

test('after deletion lists are empty and single records are not found', async () => {
  await load(query.redis, 'mars', ['{"site_id":1,"latitude":16,"longitude":82,"composition":"iron"}'], {
    key: 'site_id',
    columns: ['site_id', 'latitude', 'longitude', 'composition'].map((name) => column(name)),
  });
  assert.equal((await query.get<{ sites: Json[] }>('/mars/sites')).json.sites.length, 1);
  await deleteDataset(query.redis, 'mars');
  assert.deepEqual((await query.get('/mars/sites')).json, { sites: [] });
  assert.deepEqual((await query.get('/data?dataset=mars')).json, []);
  assert.deepEqual((await query.get('/data?dataset=mars&shape=dict')).json, {});
  assert.equal((await query.get('/data/1?dataset=mars')).status, 404);
});

test('who reads while the source is being loaded waits for it', async () => {
  let isAnswered = false;
  let reading: ReturnType<typeof query.get<string[]>> | undefined;
  await markedAsLoading(query.redis, 'iss', async () => {
    reading = query.get<string[]>('/epochs');
    void reading.then(() => {
      isAnswered = true;
    });
    await sleep(250);
    assert.equal(isAnswered, false);
    await load(query.redis, 'iss', [state], oem);
  });
  assert.deepEqual((await reading)?.json, ['2024-052T12:00:00.000Z']);
});

test('HEAD answers as GET does', async () => {
  const { status, headers, bytes } = await query.get('/data?limit=3', {}, 'HEAD');
  assert.deepEqual([status, headers['content-type'], bytes.length], [200, 'application/json', 0]);
});
