import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Job, Job as JobShape, unknownDataset } from '@almanac/domain';
import { Type } from 'typebox';
import { createApp, ref } from './app.ts';
import { problemResponse } from './problems.ts';

let isReady = true;
const app = await createApp({
  service: 'sample',
  version: '1.2.3',
  description: 'for tests',
  contracts: { store: 1 },
  checks: {
    store: async () => {
      if (!isReady) throw new Error('no answer');
    },
  },
});
after(() => app.close());
app.get(
  '/v1/things/:id',
  {
    schema: {
      operationId: 'getThing',
      tags: ['things'],
      summary: 'One thing',
      querystring: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })) }, { additionalProperties: false }),
      response: { 200: Type.Object({ limit: Type.Integer() }), default: problemResponse },
    },
  },
  async (request) => ({ limit: request.query.limit ?? 5 }),
);
app.post(
  '/v1/things',
  { schema: { tags: ['things'], body: Type.Object({ name: Type.String() }, { additionalProperties: false }) } },
  async () => ({ ok: true }),
);
app.get('/v1/jobs/:id', { schema: { tags: ['things'], response: { 200: ref('Job', JobShape) } } }, async () => ({}) as Job);
app.get('/v1/missing', async () => {
  throw unknownDataset('gense', ['genes']);
});
app.get('/v1/broken', async () => {
  throw new Error('a secret path /etc/x');
});

const get = (url: string) => app.inject({ url });

for (const [url, status, type, detail] of [
  ['/v1/things/1?limit=abc', 400, 'invalid-parameter', /limit: 'abc' must be integer/],
  ['/v1/things/1?limit=-1', 400, 'invalid-parameter', /limit: '-1' must be >= 1/],
  ['/v1/things/1?limt=3', 400, 'unknown-parameter', /limt: is unknown \(did you mean 'limit'\?\)/],
  ['/v1/nothing', 404, 'not-found', /nothing at '\/v1\/nothing'/],
  ['/v1/missing', 404, 'unknown-dataset', /did you mean 'genes'/],
  ['/v1/%zz', 400, 'bad-request', /./],
] as const) {
  test(`GET ${url} is a ${type} problem`, async () => {
    const answer = await get(url);
    assert.equal(answer.statusCode, status);
    assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/);
    assert.equal(answer.json().type, `/problems/${type}`);
    assert.match(answer.json().detail, detail);
    assert.equal(answer.json().instance, `urn:request:${answer.headers['x-request-id']}`);
  });
}

test('on course paths an error has the course’s form', async () => {
  const answer = await get('/nothing');
  assert.equal(answer.statusCode, 404);
  assert.match(answer.headers['content-type'] as string, /^application\/json/);
  const message = "There is nothing at '/nothing'. GET /help lists every route.";
  assert.deepEqual(answer.json(), { status: 'Error', message, error: message });
});

test('a wrong method is 405 with the allowed ones', async () => {
  const answer = await app.inject({ method: 'DELETE', url: '/v1/things/1' });
  assert.equal(answer.statusCode, 405);
  assert.equal(answer.headers.allow, 'GET, HEAD');
});

test('an invalid body is reported: not JSON, a wrong type, an unknown member', async () => {
  const post = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/v1/things', payload, headers: { 'content-type': type } });
  assert.equal((await post('{')).json().type, '/problems/invalid-body');
  assert.equal((await post('{"name":"a","nmae":1}')).json().detail, "/nmae: is unknown (did you mean 'name'?).");
  assert.equal((await post('{}')).json().errors[0].path, '/name');
  assert.equal((await post('x', 'text/x')).statusCode, 415);
});

test('a problem quotes only a part of a long value', async () => {
  const long = 'n'.repeat(15_000);
  const answers = [
    await app.inject({
      method: 'POST',
      url: '/v1/things',
      payload: JSON.stringify({ name: 'a', [long]: 1 }),
      headers: { 'content-type': 'application/json' },
    }),
    await app.inject({
      method: 'POST',
      url: '/v1/things',
      payload: JSON.stringify({ name: { [long]: [long] } }),
      headers: { 'content-type': 'application/json' },
    }),
    await app.inject({ method: 'POST', url: '/v1/things', payload: 'x', headers: { 'content-type': `text/${long}` } }),
    await get(`/v1/things/1?${long}=3`),
    await get(`/v1/things/1?limit=${long}`),
    await get(`/v1/%zz${long}`),
    await get(`/${long}`),
  ];
  for (const answer of answers) {
    assert.ok(answer.statusCode >= 400 && answer.statusCode < 500, String(answer.statusCode));
    assert.ok(answer.body.length < 5000, `${answer.body.length}: ${answer.body.slice(0, 200)}`);
    assert.ok(Object.values(answer.headers).join('').length < 2000);
  }
});

test('an unexpected failure is a 500 without its message', async () => {
  const answer = await get('/v1/broken');
  assert.equal(answer.statusCode, 500);
  assert.doesNotMatch(answer.body, /secret/);
});

test('/readyz follows its checks, /livez does not', async () => {
  assert.equal((await get('/readyz')).statusCode, 200);
  isReady = false;
  const answer = await get('/readyz');
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.headers['retry-after'], '1');
  assert.match(answer.headers['content-type'] as string, /^application\/health\+json/);
  assert.deepEqual(answer.json(), {
    status: 'fail',
    service: 'sample',
    version: '1.2.3',
    contracts: { store: 1 },
    checks: { store: { status: 'fail', output: 'no answer' } },
  });
  assert.equal((await get('/livez')).statusCode, 200);
  isReady = true;
});

test('a valid request id is kept, else a new one is created', async () => {
  assert.equal((await app.inject({ url: '/livez', headers: { 'x-request-id': 'abc-1' } })).headers['x-request-id'], 'abc-1');
  assert.match(
    (await app.inject({ url: '/livez', headers: { 'x-request-id': 'a b<' } })).headers['x-request-id'] as string,
    /^[0-9a-f]{12}-\w+$/,
  );
});

test('OpenAPI 3.1 has the tagged routes and the names of shared schemas', async () => {
  const document = (await get('/openapi.json')).json();
  assert.equal(document.openapi, '3.1.0');
  assert.equal(document.paths['/v1/things/{id}'].get.operationId, 'getThing');
  assert.deepEqual(document.paths['/v1/jobs/{id}'].get.responses['200'].content['application/json'].schema, {
    $ref: '#/components/schemas/Job',
  });
  assert.equal(document.paths['/v1/missing'], undefined);
});

test('/metrics counts requests by route pattern', async () => {
  await get('/v1/things/77');
  assert.match((await get('/metrics')).body, /http_request_duration_seconds_count\{[^}]*route="\/v1\/things\/:id"[^}]*\} [1-9]/);
});
