import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, type Link, type Problem, ProblemError, type ResultLink } from '@almanac/domain';
import { loadStones, startJobs, type TestJobs } from '../../testing.ts';

interface List {
  items: Job[];
  numberReturned: number;
  numberMatched: number;
  links: Link[];
}

let jobs: TestJobs;
let complete: Job;
let failed: Job;
let waiting: Job;
before(async () => {
  jobs = await startJobs();
  await loadStones(jobs.data);
  jobs.startWorker(async (job, { token }) => {
    if (job.inputs.title !== 'fails') return jobs.draw(job, token);
    throw new ProblemError('empty-data', 'No record is left.', { errors: [{ path: '/inputs/where', detail: 'leaves nothing' }] });
  });
  const wait = { prefer: 'wait=10' };
  complete = asRead((await jobs.submit({ type: 'bar', x: 'recclass' }, { outputs: ['png', 'svg'] }, wait)).json);
  await sleep(2);
  failed = asRead((await jobs.submit({ title: 'fails' }, {}, wait)).json);
  await jobs.stopWorkers();
  await sleep(2);
  waiting = (await jobs.submit({ title: 'waits' })).json;
});
after(() => jobs.end());

/** An answer to a submission says how safe the job is; a record read later does not. */
function asRead({ durability, ...job }: Job): Job {
  assert.equal(durability, 'memory');
  return job;
}

const unknown = '8e03978e-40d5-43e8-bc93-6894a57f9324';

test('jobs are listed latest first, with links to the other pages', async () => {
  const { status, headers, json } = await jobs.ask<List>('GET', '/v1/jobs?limit=2');
  assert.equal(status, 200);
  assert.deepEqual(
    json.items.map(({ id }) => id),
    [waiting.id, failed.id],
  );
  assert.deepEqual([json.numberReturned, json.numberMatched], [2, 3]);
  const next = json.links.find(({ rel }) => rel === 'next')?.href as string;
  assert.match(String(headers.link), new RegExp(`<${next.replaceAll('?', '\\?')}>; rel="next"`));
  assert.deepEqual((await jobs.ask<List>('GET', next)).json.items, [complete]);
  assert.deepEqual((await jobs.ask<List>('GET', '/v1/jobs?status=failed')).json.items, [failed]);
  assert.deepEqual((await jobs.ask<List>('GET', '/v1/jobs?status=in%20progress')).json.items, []);
  assert.deepEqual((await jobs.ask<List>('GET', '/v1/jobs?offset=99')).json.items, []);
});

for (const [query, type, detail] of [
  ['limit=0', 'invalid-parameter', /limit.*'0'/],
  ['limit=x', 'invalid-parameter', /limit.*'x'/],
  ['limit=10001', 'invalid-parameter', /limit/],
  ['offset=-1', 'invalid-parameter', /offset.*-1/],
  ['offset=1e30', 'invalid-parameter', /offset/],
  ['offset=99999999999999999999', 'invalid-parameter', /offset/],
  ['status=done', 'invalid-parameter', /status.*'done'/],
  ['stats=failed', 'unknown-parameter', /did you mean 'status'/],
] as const) {
  test(`GET /v1/jobs?${query}: 400 ${type}`, async () => {
    const { status, json } = await jobs.ask('GET', `/v1/jobs?${query}`);
    assert.deepEqual([status, json.type], [400, `/problems/${type}`]);
    assert.match(json.detail, detail);
  });
}

for (const id of [unknown, '1', 'x'.repeat(1000), '..%2f..', '%00', '{hotqueue:plot}', unknown.toUpperCase()]) {
  test(`no job is named ${id.slice(0, 40)}: 404 on each of its routes`, async () => {
    for (const rest of ['', '/results', '/results/png']) {
      const { status, json } = await jobs.ask('GET', `/v1/jobs/${id}${rest}`);
      assert.deepEqual([status, json.type], [404, '/problems/unknown-job'], rest);
    }
  });
}

test('the results of a finished job, and each of them with headers to keep it for ever', async () => {
  const { status, json } = await jobs.ask<Record<string, ResultLink>>('GET', `/v1/jobs/${complete.id}/results`);
  assert.equal(status, 200);
  assert.deepEqual(json, complete.results);
  assert.deepEqual(Object.keys(json), ['png', 'svg']);
  const png = await jobs.ask('GET', json.png?.href as string);
  const expected = Buffer.from(`png of ${complete.dataset.version}`);
  assert.deepEqual(png.bytes, expected);
  assert.equal(png.headers['content-type'], 'image/png');
  assert.equal(Number(png.headers['content-length']), json.png?.bytes);
  assert.equal(png.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal(png.headers['repr-digest'], `sha-256=:${createHash('sha256').update(expected).digest('base64')}:`);
  assert.equal(png.headers['content-disposition'], `inline; filename="stones-bar-${complete.id.slice(0, 8)}.png"`);
  assert.equal(png.headers['x-content-type-options'], 'nosniff');
  const svg = await jobs.ask('GET', json.svg?.href as string);
  assert.match(String(svg.headers['content-type']), /^image\/svg\+xml/);
  assert.match(String(svg.headers['content-security-policy']), /sandbox/);
  assert.notEqual(svg.headers.etag, png.headers.etag);
});

test('who has a result already is not sent it again; HEAD tells its size; a download is an attachment', async () => {
  const href = complete.results.png?.href as string;
  const { headers } = await jobs.ask('GET', href);
  for (const tag of [headers.etag, `"x", ${headers.etag}`, `W/${headers.etag}`, '*']) {
    const again = await jobs.ask('GET', href, undefined, { 'if-none-match': String(tag) });
    assert.deepEqual([again.status, again.bytes.length, again.headers.etag], [304, 0, headers.etag], String(tag));
  }
  assert.equal((await jobs.ask('GET', href, undefined, { 'if-none-match': '"other"' })).status, 200);
  const head = await jobs.ask('HEAD', href);
  assert.deepEqual([head.status, head.bytes.length, Number(head.headers['content-length'])], [200, 0, complete.results.png?.bytes]);
  assert.match(String((await jobs.ask('GET', `${href}?download=1`)).headers['content-disposition']), /^attachment; filename=".*\.png"$/);
  const wrong = await jobs.ask('GET', `${href}?download=yes`);
  assert.deepEqual([wrong.status, wrong.json.type], [400, '/problems/invalid-parameter']);
});

test('an error of a result says nothing of how long the result may be kept', async () => {
  const id = complete.id;
  const errors = [
    await jobs.ask('GET', `/v1/jobs/${id}/results/png`, undefined, { range: 'bytes=9999-' }),
    await jobs.ask('GET', `/v1/jobs/${id}/results/pdf`),
    await jobs.ask('GET', `/v1/jobs/${waiting.id}/results/png`),
  ];
  const names = await jobs.resultsRedis.keys(`*${id}*`);
  const bytes = await Promise.all(names.map((name) => jobs.resultsRedis.getBuffer(name)));
  await jobs.resultsRedis.del(...names);
  errors.push(await jobs.ask('GET', `/v1/jobs/${id}/results/png`), await jobs.ask('HEAD', `/v1/jobs/${id}/results/svg`));
  for (const [i, name] of names.entries()) await jobs.resultsRedis.set(name, bytes[i] as Buffer);
  assert.deepEqual(
    errors.map(({ status }) => status),
    [416, 404, 404, 410, 410],
  );
  for (const { status, headers } of errors) {
    assert.equal(headers['cache-control'], 'no-store', String(status));
    assert.deepEqual([headers.etag, headers['accept-ranges'], headers['content-disposition']], [undefined, undefined, undefined]);
  }
});

test('a result the job did not make: 404 that names those it made', async () => {
  for (const name of ['pdf', 'constructor', '__proto__']) {
    const { status, json } = await jobs.ask('GET', `/v1/jobs/${complete.id}/results/${name}`);
    assert.deepEqual([status, json.type], [404, '/problems/unknown-result']);
    assert.match(json.detail, /png and svg/);
  }
});

test('asking too early: not ready, and when to ask again', async () => {
  for (const rest of ['results', 'results/png']) {
    const { status, headers, json } = await jobs.ask('GET', `/v1/jobs/${waiting.id}/${rest}`);
    assert.deepEqual([status, json.type, headers['retry-after']], [404, '/problems/result-not-ready', '1']);
    assert.match(json.detail, /it waits for a worker/);
  }
});

test('a failed job answers with the problem it failed with, in its own status', async () => {
  assert.deepEqual([failed.status, failed.message, failed.problem?.status], ['failed', 'No record is left.', 400]);
  for (const rest of ['results', 'results/png']) {
    const { status, headers, json } = await jobs.ask<Problem & { job: string }>('GET', `/v1/jobs/${failed.id}/${rest}`);
    assert.deepEqual([status, json.type, json.detail, json.job], [400, '/problems/empty-data', 'No record is left.', failed.id]);
    assert.deepEqual(json.errors, [{ path: '/inputs/where', detail: 'leaves nothing' }]);
    assert.match(String(headers['content-type']), /problem\+json/);
  }
});

test('what jobs can do is listed and described by JSON Schema, each type of plot with its parameters', async () => {
  const list = (await jobs.ask<{ items: { id: string; outputs: string[] }[] }>('GET', '/v1/processes')).json;
  assert.deepEqual(
    list.items.map(({ id, outputs }) => [id, outputs]),
    [
      ['plot', ['png', 'svg']],
      ['statistics', ['json']],
    ],
  );
  const { status, json } = await jobs.ask<{
    inputs: { anyOf: { title: string; properties: Record<string, { columnOf?: string[] }> }[] };
    outputs: Record<string, { mediaType: string }>;
  }>('GET', '/v1/processes/plot');
  assert.equal(status, 200);
  const histogram = json.inputs.anyOf.find(({ title }) => title === 'Histogram');
  assert.deepEqual(histogram?.properties.x?.columnOf, ['integer', 'number', 'time']);
  assert.ok(histogram?.properties.bins);
  assert.deepEqual(json.outputs, { png: { mediaType: 'image/png' }, svg: { mediaType: 'image/svg+xml' } });
  const wrong = await jobs.ask('GET', '/v1/processes/plots');
  assert.deepEqual([wrong.status, wrong.json.type], [404, '/problems/unknown-process']);
});

test('every route is documented, with its body’s schema', async () => {
  const { json } = await jobs.ask<{
    paths: Record<string, Record<string, { operationId: string; requestBody?: unknown; responses: object }>>;
  }>('GET', '/openapi.json');
  const routes = Object.entries(json.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
  for (const route of [
    'post /v1/jobs',
    'get /v1/jobs',
    'get /v1/jobs/{id}',
    'get /v1/jobs/{id}/results',
    'get /v1/jobs/{id}/results/{name}',
    'get /v1/processes',
    'get /v1/processes/{id}',
  ])
    assert.ok(routes.includes(route), route);
  assert.match(JSON.stringify(json.paths['/v1/jobs']?.post?.requestBody), /histogram/i);
  assert.match(JSON.stringify(json.paths['/v1/jobs/{id}/results/{name}']?.get?.responses), /"image\/png"/);
});
