// The course dialect as the students' clients use it: through the gateway, at the root, from an empty store.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientResponse, pngSize } from './client.ts';
import { Stack, ownTest as test } from './stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-course-'));
execFileSync(join(import.meta.dirname, '../../almanac'), ['samples', folder]);
const sources = (changes: Record<string, string> = {}) =>
  Object.entries({ iss: 'iss.xml', turbidity: 'turbidity.json', meteorites: 'meteorites.csv', genes: 'genes.tsv', ...changes })
    .map(([profile, file]) => `${profile}=${join(folder, file)}`)
    .join();
const genes = [
  'hgnc_id\tsymbol\tlocus_group\tdate_approved_reserved\tentrez_id',
  'HGNC:5\tA1BG\tprotein-coding gene\t1989-06-30\t1',
  'HGNC:37133\tA1BG-AS1\tnon-coding RNA\t2009-07-20\t',
];
writeFileSync(join(folder, 'genes.tsv'), `${genes.join('\n')}\n`);

const courseless = new Stack({ ALMANAC_SOURCES: sources() });
const issApp = new Stack({ ALMANAC_SOURCES: sources(), ALMANAC_PROFILE: 'iss', COURSE_EDITION: '2024' });
let client: Client;
let iss: Client;
before(async () => {
  await Promise.all([courseless.start(), issApp.start()]);
  [client, iss] = [new Client(courseless.url), new Client(issApp.url)];
});
after(async () => {
  await Promise.all([courseless.end(), issApp.end()]);
  rmSync(folder, { recursive: true, force: true });
});

const post = (path: string, body?: unknown) =>
  client.ask('POST', path, body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) });
const remove = (path: string) => client.ask('DELETE', path);

/** Polls until the expected status, as the tests of the course do. */
async function complete(id: string): Promise<Record<string, unknown>> {
  for (let i = 0; i < 300; i++) {
    const { json } = await client.get(`/jobs/${id}`);
    if (json.status === 'complete') return json;
    assert.ok(['submitted', 'in progress'].includes(json.status), JSON.stringify(json));
    await sleep(50);
  }
  return assert.fail(`job ${id} did not complete`);
}

/** The whole run of a client. It must work with any state before. */
async function wholeRun(): Promise<void> {
  const loaded = await post('/data');
  assert.deepEqual([loaded.status, loaded.text], [200, 'Data loaded\n']);
  assert.equal((await post('/data')).text, 'Data loaded\n');
  assert.equal((await post('/post-data')).text, 'Data refreshed\n');
  const { json: data } = await client.get('/data');
  assert.equal(data.length, 1000);
  assert.deepEqual(Object.keys(data[0]), ['name', 'id', 'recclass', 'mass (g)', 'year', 'reclat', 'reclong']);
  assert.ok(Object.values(data[0]).every((value) => typeof value === 'string'));

  const { status, json: job } = await post('/jobs', { start: '1990', end: '2000', note: 'mine' });
  assert.deepEqual([status, job.status, job.start, job.note], [200, 'submitted', '1990', 'mine']);
  const done = await complete(job.id);
  assert.deepEqual([done.start, done.end, done.note], ['1990', '2000', 'mine']);
  const { json: results } = await client.get(`/results/${job.id}`);
  assert.deepEqual((await client.get(`/jobs/${job.id}/results`)).json, results);
  assert.ok(results.statistics.reclat.count > 0);
  const picture = await client.get(results.image);
  assert.deepEqual(pngSize(picture.bytes), { width: 640, height: 480 });
  assert.match(picture.headers.get('content-disposition') as string, /^attachment; filename="[0-9a-f-]+\.png"$/);
  assert.ok(job.id in (await client.get('/jobs')).json);

  assert.equal((await post('/image')).text, 'Image created\n');
  assert.deepEqual(pngSize((await client.get('/image')).bytes), { width: 640, height: 480 });
  assert.equal((await remove('/image')).text, 'Image deleted\n');
  assert.equal((await client.get('/image')).status, 404);

  assert.equal((await remove('/jobs')).status, 200);
  assert.deepEqual((await client.get('/jobs')).json, {});
  assert.equal((await remove('/data')).text, 'Data deleted\n');
  assert.equal((await remove('/data')).text, 'Data deleted\n');
  assert.deepEqual((await client.get('/data')).json, []);
  assert.deepEqual((await client.get('/data?shape=dict')).json, {});
  assert.equal((await client.get('/data/1')).status, 404);
  for (const path of ['/image', '/jobs']) {
    const refused = await post(path, {});
    assert.deepEqual([refused.status, refused.json.status], [400, 'Error'], path);
    assert.match(refused.json.message, /No data loaded/);
  }
}

test('a client’s whole run passes, and passes again', async () => {
  await wholeRun();
  await wholeRun();
});

test('records in the body are loaded instead of the source', async () => {
  const records = { response: { docs: [{ hgnc_id: 'HGNC:37', symbol: 'ABCA7', locus_group: 'x', _version_: 'BIG' }] } };
  const body = JSON.stringify(records).replace('"BIG"', '1794565469998415872');
  assert.equal((await post('/data?dataset=genes', body)).text, 'Data loaded\n');
  assert.match((await client.get('/genes/HGNC:37')).text, /"_version_":1794565469998415872/);
  assert.equal((await post('/data?dataset=genes')).text, 'Data loaded\n');
  assert.deepEqual((await client.get('/genes')).json, ['HGNC:5', 'HGNC:37133']);
  assert.deepEqual((await client.get('/genes/HGNC:37133')).json, {
    hgnc_id: 'HGNC:37133',
    symbol: 'A1BG-AS1',
    locus_group: 'non-coding RNA',
    date_approved_reserved: '2009-07-20',
    entrez_id: '',
  });
  assert.deepEqual((await client.get('/genes/HGNC:5?shape=json')).json.entrez_id, '1');
  const year = await post('/jobs?dataset=genes', { year: 2009 });
  await complete(year.json.id);
  assert.equal((await client.get(`/results/${year.json.id}`)).json.statistics.locus_group.count, 1);
  await remove('/data?dataset=genes');
  assert.deepEqual((await client.get('/genes')).json, []);
  await remove('/jobs');
});

test('an unreachable source returns 502, and the loaded data is kept', async () => {
  await post('/data');
  const path = join(folder, 'meteorites.csv');
  const text = readFileSync(path, 'utf8');
  for (const [change, message] of [
    [() => rmSync(path), /no such file/],
    [() => writeFileSync(path, '<!doctype html><p>Sign in'), /looks like an HTML page/],
    [() => writeFileSync(path, ''), /empty/],
  ] as const) {
    change();
    const { status, json } = await post('/data');
    assert.equal(status, 502, json.message);
    assert.match(json.message, message);
    assert.match(json.message, /What was loaded before stays as it is/);
    assert.equal((await client.get('/data')).json.length, 1000);
  }
  writeFileSync(path, text);
});

test('sites on Mars are generated, read, travelled, and generated again', async () => {
  const made = await post('/mars/sites', { seed: 7 });
  assert.equal(made.status, 200);
  assert.deepEqual((await client.get('/mars/sites')).json, made.json);
  assert.deepEqual((await post('/mars/sites', { seed: 7 })).json, made.json);
  assert.equal((await post('/mars/sites', { n: 3 })).json.sites.length, 3);
  assert.match((await client.get('/mars/trip?f=text')).text, /^leg = 1, time to travel = [\d.]+ hr, time to sample = [123] hr\n/);
  assert.equal((await client.get('/mars/trip')).json.number_of_legs, 3);
});

test('turbidity is read in the course dialect, and plotted', async () => {
  await post('/data?dataset=turbidity');
  assert.match(
    (await client.get('/turbidity?f=text')).text,
    /^Average turbidity based on most recent five measurements = \d\.\d{4} NTU\nWarning: /,
  );
  assert.equal((await client.get('/turbidity/history')).json.length, 370);
  assert.ok(!('turbidity' in (await client.get('/data?dataset=turbidity&limit=1')).json[0]));
  assert.equal((await client.get('/v1/datasets/turbidity/records?turbidity[gte]=3&limit=1')).json.items[0].turbidity >= 3, true);
  const { json } = await post('/jobs?dataset=turbidity', {
    start: '2026-01-06',
    end: '2026-01-07',
    format: 'r-o',
    x: 'datetime',
    y: 'turbidity',
  });
  await complete(json.id);
  assert.equal((await client.get(`/results/${json.id}`)).json.statistics.turbidity.count, 48);
  await remove('/jobs');
});

describe('the ISS application', () => {
  test('has its data without a request to load it', async () => {
    const { json } = await iss.get('/epochs');
    assert.ok(json.length > 5000);
    assert.equal(json[0].X['@units'], 'km');
    const epochs = (await iss.get('/epochs?shape=list')).json;
    assert.equal(json[0].EPOCH, epochs[0]);
    assert.deepEqual((await iss.get(`/epochs/${epochs[0]}`)).json, json[0]);
    const { speed, units } = (await iss.get(`/epochs/${epochs[5]}/speed`)).json;
    assert.ok(speed > 7.6 && speed < 7.7 && units === 'km/s');
    const whole = (await iss.get('/')).json.ndm.oem;
    assert.equal(whole.body.segment.data.stateVector.length, epochs.length);
    assert.deepEqual([whole['@id'], whole.header.ORIGINATOR], ['CCSDS_OEM_VERS', 'ALMANAC']);
    assert.equal((await iss.get('/metadata')).json.CENTER_NAME, 'EARTH');
    assert.equal((await iss.get('/comment')).json.length, 8);
  });

  test('returns the location of the station, now and at other times', async () => {
    const { json: now } = await iss.get('/now');
    assert.ok(Math.abs(now.seconds_from_now) <= 120, `${now.seconds_from_now} s: the sample is about today`);
    const flat = (await iss.get(`/epochs/${now.closest_epoch}/location`)).json;
    assert.deepEqual([flat.latitude, flat.longitude, flat.altitude, flat.geo], [now.latitude, now.longitude, now.altitude, now.geo]);
    assert.equal(typeof flat.geoposition, 'string');
    assert.ok(flat.geo.nearest_city.name.length > 0);
    const at = (await iss.get(`/v1/datasets/iss/iss/at?time=${now.interpolated.time}`)).json;
    assert.deepEqual([at.latitude, at.longitude], [now.interpolated.latitude, now.interpolated.longitude]);
    assert.equal((await iss.get('/v1/datasets/iss/iss/at?time=2001-01-01')).json.type, '/problems/invalid-parameter');
  });

  test('loses its data and loads it again', async () => {
    assert.equal((await iss.ask('DELETE', '/delete-data')).text, 'Data deleted\n');
    assert.deepEqual((await iss.get('/epochs')).json, []);
    assert.deepEqual((await iss.get('/')).json, {});
    const gone = await iss.get('/now');
    assert.deepEqual([gone.status, gone.json.status], [404, 'Error']);
    assert.equal((await iss.ask('POST', '/post-data')).text, 'Data refreshed\n');
    assert.ok((await iss.get('/epochs?shape=list')).json.length > 5000);
  });

  test('draws its track', async () => {
    const { json: job } = await iss.ask('POST', '/jobs', { body: '{}' });
    await iss.finished(job.id);
    assert.deepEqual(pngSize((await iss.get(`/download/${job.id}`)).bytes), { width: 640, height: 480 });
    assert.deepEqual((await iss.get('/jobs')).json, [job.id]);
  });
});

test('every course route is in /help and in the OpenAPI document, marked as course', async () => {
  const { json } = await client.get('/openapi.json');
  const help = (await client.get('/help')).text;
  assert.deepEqual(json['x-differences'], []);
  let count = 0;
  for (const [path, methods] of Object.entries(json.paths as Record<string, Record<string, { tags: string[]; summary: string }>>)) {
    for (const [method, { tags, summary }] of Object.entries(methods)) {
      if (!tags.includes('course')) continue;
      count++;
      assert.ok(!path.startsWith('/v1/'), path);
      assert.ok(help.includes(`  ${method.toUpperCase()} ${path}\n`), `${method} ${path} is not in /help`);
      assert.ok(summary.length > 0, path);
    }
  }
  assert.ok(count >= 40, `${count} course routes`);
});

const long = 'x'.repeat(3000);
const naughtyPaths = [
  '/data?limit=abc',
  '/data?limit=-1',
  '/data?limit=1e3',
  '/data?offset=%00',
  '/data?start=NaN',
  '/data?start=1.5',
  '/data?shape=__proto__',
  '/data?shape=constructor',
  `/data?search=${encodeURIComponent('%_\\"*')}`,
  '/data?dataset=',
  '/data?dataset=..%2F..%2Fetc%2Fpasswd',
  '/data?dataset=constructor',
  '/data?limit=1&limit=abc',
  '/data?limit[]=1',
  `/data/${long}`,
  '/data/%FF',
  '/data/..',
  '/data/__proto__',
  '/epochs?limit=999999999999999999999999',
  '/epochs?limit=0x10',
  '/epochs?offset=-0',
  '/epochs?shape=object',
  '/epochs/',
  '/epochs/2024-052T12:00:00.000Z',
  '/epochs/%20/speed',
  '/epochs/%E2%98%83/location',
  '/epochs/9999-999T99:99:99.999Z/location',
  `/epochs/${long}/speed`,
  '/epochs/null/speed/extra',
  '/now?now=',
  '/now?now=1e400',
  '/now?now=0000-00-00',
  '/now?now=9999-12-31T23:59:60Z',
  '/genes/HGNC:',
  '/genes/HGNC:5?shape=xml',
  '/genes/%2e%2e%2f',
  '/genes?limit=-5',
  '/degrees?start=',
  '/degrees?start=1e5',
  '/degrees?limit=two',
  '/degrees/1.5',
  '/degrees/0x1',
  '/degrees/99999999999999999999/degrees',
  '/mars/trip?speed=0',
  '/mars/trip?speed=Infinity',
  '/mars/trip?latitude=north',
  '/mars/trip?f=xml',
  '/turbidity?threshold=0',
  '/turbidity?measurements=1e9',
  '/turbidity?decay=1000',
  '/turbidity/history?limit=x',
  '/meteorites/average?column=',
  '/meteorites/average?column=name',
  '/meteorites/average?column=__proto__',
  '/meteorites/hemispheres?dataset=degrees',
  '/jobs?shape=nothing',
  '/jobs/undefined',
  '/jobs/null/results',
  '/results/00000000-0000-0000-0000-000000000000',
  `/download/${long}`,
  '/image?dataset=nothing',
  '/hello/%00',
  `/hello/${long}`,
  '/epoch',
  '/Data',
  '//data',
  '/v1/datasets/degrees/iss/at?time=now',
  '/v1/datasets/meteorites/iss/at',
];
const naughtyBodies: [string, string, string | undefined][] = [
  ['POST', '/jobs', '{'],
  ['POST', '/jobs', 'null'],
  ['POST', '/jobs', '"text"'],
  ['POST', '/jobs', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ['POST', '/jobs', '{"__proto__":{"type":"line"},"constructor":1}'],
  ['POST', '/jobs', '{"start":{},"end":[]}'],
  ['POST', '/jobs', '{"start":1e400}'],
  ['POST', '/jobs', '{"x":5,"y":{}}'],
  ['POST', '/jobs', '{"x":"nope"}'],
  ['POST', '/jobs', '{"bins":-1,"type":"hist","x":"mass (g)"}'],
  ['POST', '/jobs', '{"title":["a"]}'],
  ['POST', '/jobs', `{"title":"${long}"}`],
  ['POST', '/jobs', '{"width":1e9}'],
  ['POST', '/jobs', '{"subplot":[0,0,0]}'],
  ['POST', '/jobs', '{"subplot":[2,2,9]}'],
  ['POST', '/jobs', '{"format":"zz"}'],
  ['POST', '/jobs', '{"mass (g)":{"gte":"heavy"}}'],
  ['POST', '/jobs', '{"mass (g)":{"near":5}}'],
  ['POST', '/jobs', '{"dataset":5}'],
  ['POST', '/jobs', '{"dataset":"../x"}'],
  ['POST', '/submit', '\u0000'],
  ['POST', '/image', '{"type":"line","y":"name"}'],
  ['POST', '/image?dataset=none', undefined],
  ['POST', '/data', '{"a":1'],
  ['POST', '/data', 'PK\u0003\u0004'],
  ['POST', '/data?dataset=Bad Name', undefined],
  ['POST', '/data?dataset=unknown', undefined],
  ['POST', '/mars/sites', '{"n":1e9}'],
  ['POST', '/mars/sites', '{"seed":"x"}'],
  ['POST', '/mars/sites', '[]'],
  ['PUT', '/data', 'x'],
  ['PATCH', '/jobs', 'x'],
  ['DELETE', '/epochs', undefined],
  ['DELETE', '/data?dataset=%00', undefined],
  ['GET', '/post-data', undefined],
  ['GET', '/delete-data', undefined],
];

test(`${naughtyPaths.length + naughtyBodies.length} hostile inputs: none returns 500, each error is JSON, and loaded data is unchanged`, async () => {
  await post('/data');
  await post('/data?dataset=turbidity');
  const judge = (what: string, { status, headers, json }: ClientResponse) => {
    assert.ok(status < 500, `${what}: ${status}`);
    if (status < 400 || what.startsWith('GET /degrees?start=')) return;
    if (what.includes('/v1/')) assert.match(headers.get('content-type') as string, /^application\/problem\+json/, what);
    else assert.deepEqual([json?.status, json?.error], ['Error', json?.message], what);
  };
  for (const path of naughtyPaths) judge(`GET ${path}`, await client.get(path));
  for (const [method, path, body] of naughtyBodies) {
    if (path === '/data' && body !== undefined && method === 'POST') {
      const answer = await client.ask(method, path, { body });
      judge(`${method} ${path} ${body}`, answer);
      assert.equal(answer.status, 400, body);
    } else
      judge(
        `${method} ${path} ${body?.slice(0, 40)}`,
        await client.ask(method, path.replaceAll(' ', '%20'), body === undefined ? {} : { body }),
      );
  }
  assert.equal((await client.get('/data')).json.length, 1000);
  for (const service of ['gateway', 'ingest', 'query', 'jobs', 'renderer'] as const) assert.ok(courseless.isRunning(service), service);
  await remove('/jobs');
});
