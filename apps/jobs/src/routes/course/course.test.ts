import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { ProblemError } from '@almanac/domain';
import { StagedGeneration } from '@almanac/store';
import { evidence, startJobs, type TestJobs } from '../../testing.ts';

let jobs: TestJobs;
before(async () => {
  jobs = await startJobs({ COURSE_EDITION: 'seed', ALMANAC_DEFAULT_DATASET: 'stones' });
  const staged = new StagedGeneration(jobs.data, 'stones', { key: 'id' });
  for (let id = 1; id <= 4; id++)
    await staged.add(`{"id":${id},"recclass":"L${id}","year":${2000 + id},"reclat":${id},"reclong":${-id}}`, String(id));
  const integer = (name: string) => ({ name, type: 'integer' as const, asStored: true });
  await staged.commit({
    schema: {
      key: 'id',
      columns: [
        integer('id'),
        { name: 'recclass', type: 'string', asStored: true },
        integer('year'),
        integer('reclat'),
        integer('reclong'),
      ],
    },
    evidence: Object.fromEntries(['id', 'year', 'reclat', 'reclong', 'recclass'].map((name) => [name, evidence(4, 1, 4)])),
  });
});
after(() => jobs.end());
afterEach(async () => {
  await jobs.stopWorkers();
  await jobs.queue.clear();
});

type Json = Record<string, unknown>;
const post = (payload?: unknown, url = '/jobs') => jobs.ask<Json>('POST', url, payload);
const get = <T = Json>(url: string) => jobs.ask<T>('GET', url);
const submitted = async (asked: unknown = {}): Promise<string> => (await post(asked)).json.id as string;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('POST /jobs answers the job with what was sent, under a new id', async () => {
  const asked = {
    id: 'mine',
    status: 'done',
    start: '2001',
    end: '2021',
    message: 'mine',
    constructor: 'x',
    'job parameters': { a: [1, { b: null }] },
    '': 1.5,
  };
  const { status, headers, json } = await post(asked);
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'application/json');
  assert.match(json.id as string, uuid);
  assert.deepEqual(json, { ...asked, id: json.id, status: 'submitted' });
  const record = await jobs.queue.get(json.id as string);
  assert.deepEqual(record?.inputs.where, { year: { gte: 2001, lte: 2021 } });
  assert.deepEqual([record?.inputs.type, record?.inputs.x, record?.inputs.y], ['scatter', 'reclong', 'reclat']);
  assert.deepEqual(record?.asked, asked);
});

test('a job that is sent back is no filter; without an id, status is a column like any', async () => {
  const staged = new StagedGeneration(jobs.data, 'orders', { key: 'id' });
  await staged.add('{"id":1,"status":"open","message":"m","dataset":"d","price":5}', '1');
  const text = (name: string) => ({ name, type: 'string' as const, asStored: true });
  await staged.commit({
    schema: { key: 'id', columns: [text('id'), text('status'), text('message'), text('dataset'), { ...text('price'), type: 'integer' }] },
    evidence: Object.fromEntries(['id', 'status', 'message', 'dataset', 'price'].map((name) => [name, evidence(9, 1, 9)])),
  });
  const whereOf = async (asked: Json) => {
    const { status, json } = await post({ dataset: 'orders', ...asked });
    assert.equal(status, 200, json.message as string);
    return (await jobs.queue.get(json.id as string))?.inputs.where;
  };
  assert.deepEqual(await whereOf({ status: 'open', message: 'm', price: 5 }), { status: 'open', message: 'm', price: 5 });
  const { json: first } = await post({ dataset: 'orders', price: 5 });
  assert.deepEqual(await whereOf({ ...first, message: 'Waiting.' }), { price: 5 });
  assert.deepEqual(await whereOf({ x: 'price', job: first }), { price: 5 });
});

test('the body is read whatever its type says, and may be left out', async () => {
  for (const headers of [{ 'content-type': 'text/plain' }, { 'content-type': 'application/x-www-form-urlencoded' }, {}]) {
    const { statusCode, payload } = await jobs.app.inject({ method: 'POST', url: '/jobs', payload: '{"start":2001}', headers });
    assert.deepEqual([statusCode, (JSON.parse(payload) as Json).start], [200, 2001]);
  }
  assert.equal((await jobs.app.inject({ method: 'POST', url: '/jobs' })).statusCode, 200);
});

for (const [what, body, url, status, message] of [
  ['what is not JSON', '{"start":', '/jobs', 400, /^Invalid JSON: /],
  ['a form', 'start=2001', '/jobs', 400, /^Invalid JSON: /],
  ['more than a body may hold', { note: 'x'.repeat(4096) }, '/jobs', 413, /larger than 4,096 bytes/],
  ['the same for a picture', { note: 'x'.repeat(4096) }, '/image', 413, /larger than 4,096 bytes/],
  [
    'numbers that are longer when they are kept',
    `{"a":[${Array.from({ length: 700 }, () => '1e20').join()}]}`,
    '/jobs',
    413,
    /4,096 bytes/,
  ],
  ['escapes that are longer when they are kept', `{"a":"${'\u0001'.repeat(10)}"}`, '/jobs', 400, /Invalid JSON/],
  ['lists in each other', `{"a":${'['.repeat(40)}${']'.repeat(40)}}`, '/jobs', 400, /nested too deeply: [0-9]+ levels, the limit is 32/],
  ['objects in each other', `{"a":${'{"b":'.repeat(500)}1${'}'.repeat(500)}}`, '/image', 400, /nested too deeply/],
  ['a number without end', '{"start":1e999}', '/jobs', 400, /\/start: the number is too large/],
  ['a list', [], '/jobs', 400, /an object is expected/],
  ['a range the wrong way round', { start: 2021, end: 2001 }, '/jobs', 400, /start '2021' is after end '2001'/],
  ['an unknown column', { plot_type: 'histogram', column: 'yaer' }, '/jobs', 400, /did you mean 'year'/],
  ['a text where numbers belong', { type: 'histogram', column: 'recclass' }, '/jobs', 400, /recclass/],
  [
    'a data set without data',
    {},
    '/jobs?dataset=genes',
    400,
    /No data loaded: data set 'genes' is empty. POST \/data\?dataset=genes loads it/,
  ],
  ['a data set that cannot be', { dataset: '../x' }, '/jobs', 400, /No data loaded/],
  ['the same by /submit', { start: 2021, end: 2001 }, '/submit', 400, /is after/],
  ['a picture of nothing', undefined, '/image?dataset=genes', 400, /No data loaded/],
] as const) {
  test(`${what} is refused in words, and nothing is queued`, async () => {
    const answer = await post(body, url);
    assert.equal(answer.status, status, JSON.stringify(answer.json));
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.match(answer.json.message as string, message);
    assert.deepEqual(answer.json, { status: 'Error', message: answer.json.message, error: answer.json.message });
    assert.equal(await jobs.queue.depth(), 0);
  });
}

test('POST /submit answers a sentence', async () => {
  const { status, headers, bytes } = await post({ start: 2001 }, '/submit');
  assert.deepEqual([status, headers['content-type']], [200, 'text/plain; charset=utf-8']);
  assert.match(bytes.toString(), /^Job [0-9a-f-]{36} successfully submitted\n$/);
});

test('GET /jobs has them by id, in a list, or their ids alone; DELETE forgets them', async () => {
  assert.deepEqual((await get('/jobs')).json, {});
  const [a, b] = [await submitted({ start: 2001 }), await submitted({ start: 2002, note: 'n' })];
  assert.deepEqual((await get('/jobs')).json, {
    [a]: { id: a, status: 'submitted', start: 2001 },
    [b]: { id: b, status: 'submitted', start: 2002, note: 'n' },
  });
  assert.deepEqual(
    (await get<Json[]>('/jobs?shape=list')).json.map(({ id }) => id),
    [a, b],
  );
  assert.deepEqual((await get<string[]>('/jobs?shape=ids')).json, [a, b]);
  assert.equal(Object.keys((await get('/jobs?shape=')).json).length, 2);
  assert.match((await get('/jobs?shape=id')).json.message as string, /did you mean 'ids'/);
  const cleared = await jobs.app.inject({ method: 'DELETE', url: '/jobs' });
  assert.deepEqual([cleared.statusCode, cleared.payload], [200, 'Jobs deleted\n']);
  assert.deepEqual((await get('/jobs')).json, {});
  assert.equal(await jobs.queue.depth(), 0);
  assert.equal((await jobs.app.inject({ method: 'DELETE', url: '/jobs' })).payload, 'Jobs deleted\n');
});

test('many jobs are listed whole, oldest first', async () => {
  const ids: string[] = [];
  for (let year = 0; year < 60; year++) ids.push(await submitted({ start: year, note: 'x'.repeat(3900) }));
  const { headers, json } = await get('/jobs');
  assert.equal(headers['content-type'], 'application/json');
  assert.deepEqual(Object.keys(json), ids);
  assert.equal((json[ids[59] as string] as Json).start, 59);
  assert.deepEqual((await get<Json[]>('/jobs?shape=list')).json, Object.values(json));
  assert.deepEqual((await get<string[]>('/jobs?shape=ids')).json, ids);
});

test('a job that is being worked on stays, with its twin', async () => {
  let finish = () => {};
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const id = await submitted({ start: 2003 });
  jobs.startWorker(async (job, { token }) => {
    await held;
    return jobs.draw(job, token);
  });
  while ((await get(`/jobs/${id}`)).json.status !== 'in progress');
  await submitted({ end: 2004 });
  const { payload } = await jobs.app.inject({ method: 'DELETE', url: '/jobs' });
  assert.equal(payload, 'Jobs deleted; 1 that is being worked on stays\n');
  finish();
  await jobs.queue.waitFor(id, 5000);
  assert.deepEqual((await get<string[]>('/jobs?shape=ids')).json, [id]);
  assert.equal((await get(`/jobs/${id}`)).json.status, 'complete');
  assert.equal(await jobs.queue.lost(), 0);
});

test('results: 202 until it is finished, then numbers, words and the picture', async () => {
  const id = await submitted({ start: 2001, plot_type: 'scatter' });
  for (const path of [`/jobs/${id}/results`, `/results/${id}`, `/download/${id}`]) {
    const { status, json } = await get(path);
    assert.equal(status, 202, path);
    assert.deepEqual([json.id, json.status], [id, 'submitted']);
    assert.match(json.message as string, /is not finished/);
  }
  jobs.startWorker(async (job, { token }) => ({
    ...(await jobs.draw(job, token)),
    statistics: { reclat: { count: 4, missing: 0, min: 1, max: 4, mean: 2.5 } },
  }));
  await jobs.queue.waitFor(id, 5000);
  const { status, json } = await get(`/jobs/${id}/results`);
  assert.equal(status, 200);
  assert.deepEqual([json.id, json.status, json.image, json.description], [id, 'complete', `/download/${id}`, 'two stones']);
  assert.deepEqual(json.statistics, { reclat: { count: 4, missing: 0, min: 1, max: 4, mean: 2.5 } });
  assert.deepEqual((await get(`/results/${id}`)).json, json);
  const picture = await get(`/download/${id}`);
  assert.equal(picture.headers['content-type'], 'image/png');
  assert.equal(picture.headers['content-disposition'], `attachment; filename="${id}.png"`);
  assert.match(picture.bytes.toString(), /^png of /);
  // The same again: another job, the same drawing.
  const twin = await submitted({ start: 2001, plot_type: 'scatter', more: 1 });
  assert.notEqual(twin, id);
  assert.equal((await get(`/jobs/${twin}`)).json.status, 'complete');
  assert.equal((await get(`/download/${twin}`)).bytes.toString(), picture.bytes.toString());
});

test('a job that failed says why, and has no picture', async () => {
  jobs.startWorker(async () => {
    throw new ProblemError('job-failed', 'the pen broke');
  });
  const id = await submitted({ start: 2004 });
  await jobs.queue.waitFor(id, 5000);
  const results = await get(`/results/${id}`);
  assert.deepEqual([results.status, results.json], [200, { id, status: 'failed', message: 'the pen broke' }]);
  assert.equal((await get(`/jobs/${id}`)).json.message, 'the pen broke');
  assert.equal((await get(`/download/${id}`)).status, 404);
});

test('unknown jobs are not found, in JSON', async () => {
  for (const id of ['8e03978e-40d5-43e8-bc93-6894a57f9324', 'nonsense', '..%2f', 'x'.repeat(500)])
    for (const path of [`/jobs/${id}`, `/jobs/${id}/results`, `/results/${id}`, `/download/${id}`]) {
      const { status, json } = await get(path);
      assert.deepEqual([status, json.status], [404, 'Error'], path);
    }
});

test('the picture of a data set: none, drawn, kept when the job is forgotten, deleted', async () => {
  const none = await get('/image');
  assert.equal(none.status, 404);
  assert.match(none.json.message as string, /POST \/image draws it/);
  jobs.startWorker();
  const drawn = await post(undefined, '/image');
  assert.deepEqual([drawn.status, drawn.bytes.toString()], [200, 'Image created\n']);
  await jobs.queue.clear();
  const kept = await get('/image');
  assert.deepEqual([kept.status, kept.headers['content-type']], [200, 'image/png']);
  assert.match(kept.bytes.toString(), /^png of /);
  assert.equal((await get('/image?dataset=genes')).status, 404);
  for (let i = 0; i < 2; i++) {
    const deleted = await jobs.app.inject({ method: 'DELETE', url: '/image' });
    assert.deepEqual([deleted.statusCode, deleted.payload], [200, 'Image deleted\n']);
  }
  assert.equal((await get('/image')).status, 404);
});

test('a picture whose job is deleted meanwhile is not waited for', async () => {
  const drawn = post({ start: 2002 }, '/image');
  while ((await jobs.queue.depth()) === 0);
  await jobs.app.inject({ method: 'DELETE', url: '/jobs' });
  const { status, json } = await drawn;
  assert.equal(status, 410);
  assert.match(json.message as string, /was deleted before its picture was drawn/);
});

test('a picture that is no longer kept is gone', async () => {
  jobs.startWorker();
  const id = await submitted({ start: 2002 });
  await jobs.queue.waitFor(id, 5000);
  await jobs.resultsRedis.flushdb();
  const { status, json } = await get(`/download/${id}`);
  assert.deepEqual([status, json.status], [410, 'Error']);
});

test('the edition decides what /jobs is when nothing is said', async () => {
  const later = await startJobs({ COURSE_EDITION: '2024' });
  assert.deepEqual((await later.ask<string[]>('GET', '/jobs')).json, []);
  assert.deepEqual((await later.ask<Json>('GET', '/jobs?shape=dict')).json, {});
  await later.end();
});
