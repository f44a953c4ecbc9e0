// Contracts between services: the route map and the documents of the services, and the Arrow stream that workers read.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import { Client } from './client.ts';
import { needsOwn, Stack } from './stack.ts';

// POST /data loads from these files, without a network.
const source = join(mkdtempSync(join(tmpdir(), 'almanac-contracts-')), 'meteorites.csv');
writeFileSync(source, 'id,recclass,reclat,reclong\n1,L5,50,6\n');
const stack = new Stack({ ALMANAC_SOURCES: `meteorites=${source}` });
let client: Client;
before(async () => {
  await stack.start();
  client = new Client(stack.url);
});
after(async () => {
  await stack.end();
  rmSync(dirname(source), { recursive: true });
});

type Paths = Record<string, Record<string, { responses?: Record<string, { content?: Record<string, unknown> }> }>>;

const routesOf = (document: { paths: Record<string, object> }) =>
  Object.entries(document.paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '{}')}`))
    .filter((route) => route.includes(' /v1/'))
    .sort();

test('the gateway offers exactly the routes that the services document', { skip: needsOwn }, async () => {
  const documented = await Promise.all(
    (['ingest', 'query', 'jobs'] as const).map(async (service) =>
      routesOf((await new Client(stack.urlOf(service)).get('/openapi.json')).json),
    ),
  );
  const merged = (await client.get('/openapi.json')).json;
  assert.deepEqual(routesOf(merged), documented.flat().sort());
  const ids = Object.values(merged.paths as Record<string, Record<string, { operationId: string }>>).flatMap((methods) =>
    Object.values(methods).map((operation) => operation.operationId),
  );
  assert.equal(new Set(ids).size, ids.length, 'operation ids are unique');
});

test('every documented route of the API is reached through the gateway', async () => {
  const { json } = await client.get('/openapi.json');
  for (const [path, methods] of Object.entries(json.paths as Paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      // Another test follows the endless stream of events.
      if (path.endsWith('/events') && !path.includes('{') && responses?.[200]?.content?.['text/event-stream']) continue;
      // Loading from the source of a profile would use the network, unless the test set the source.
      if (needsOwn !== false && method === 'post' && /data$/.test(path)) continue;
      const response = await client.ask(
        method.toUpperCase(),
        path.replace('{type}', 'gone').replace(/\{\w+\}/g, 'x'),
        method === 'get' ? {} : { headers: { 'content-type': 'application/json' }, body: '' },
      );
      assert.ok(response.status < 500, `${method} ${path}: ${response.status}`);
      assert.notEqual(response.json?.type, '/problems/not-found', `${method} ${path} leads nowhere`);
    }
  }
});

test('every reference in the merged document resolves', async () => {
  const { text, json } = await client.get('/openapi.json');
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) assert.ok(json.components.schemas[name as string], name);
});

test('chosen columns as an Arrow stream: numbers and times as doubles, text as a dictionary, missing as missing', async () => {
  await client.put('/v1/datasets/mixed', 'id,mass (g),seen,class\n1,2.5,2024-02-21T12:00:00Z,L5\n2,,2024-052T12:04:00.000Z,\n3,7,,L5\n');
  const response = await client.get('/v1/datasets/mixed/records?f=arrow&limit=all&fields=mass%20(g),seen,class', {
    accept: 'application/vnd.apache.arrow.stream; profile=plain',
  });
  assert.match(response.headers.get('content-type') as string, /^application\/vnd\.apache\.arrow\.stream/);
  assert.equal(response.headers.get('almanac-records'), '3');
  const table = tableFromIPC(response.bytes);
  assert.deepEqual(
    table.schema.fields.map((field) => [field.name, field.metadata.get('type'), field.metadata.get('unit')]),
    [
      ['mass (g)', 'number', 'g'],
      ['seen', 'time', undefined],
      ['class', 'string', undefined],
    ],
  );
  assert.deepEqual(
    [...(table.getChild('mass (g)') ?? [])].map((v) => (Number.isNaN(v) ? 'missing' : v)),
    [2.5, 'missing', 7],
  );
  assert.deepEqual(
    [...(table.getChild('seen') ?? [])].map((v) => (Number.isNaN(v) ? 'missing' : new Date(v).toISOString())),
    ['2024-02-21T12:00:00.000Z', '2024-02-21T12:04:00.000Z', 'missing'],
  );
  assert.deepEqual([...(table.getChild('class') ?? [])], ['L5', null, 'L5']);
});

test('a filtered Arrow stream holds exactly the matching rows, even if there are none', async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => `${i},${i % 7},${['a', 'b', 'c'][i % 3]}`);
  await client.put('/v1/datasets/filtered', `id,n,class\n${rows.join('\n')}`);
  for (const [filter, expected] of [
    ['field.class=a&field.n[gte]=5', rows.filter((row) => /,[56],a$/.test(row)).length],
    ['field.class=none', 0],
  ] as const) {
    const response = await client.get(`/v1/datasets/filtered/records?f=arrow&limit=all&fields=n,class&${filter}`);
    assert.equal(response.headers.get('almanac-records'), String(expected));
    const table = tableFromIPC(response.bytes);
    assert.equal(table.numRows, expected);
    assert.equal(table.numCols, 2);
    assert.ok([...(table.getChild('class') ?? [])].every((value) => value === 'a'));
  }
});

test('reads support conditional requests and set Vary', async () => {
  await client.put('/v1/datasets/tagged', '[{"id":1}]', 'application/json');
  const first = await client.get('/v1/datasets/tagged/records');
  const etag = first.headers.get('etag') as string;
  assert.match(etag, /^"\d+-[0-9a-f]{16}/);
  assert.match(first.headers.get('vary') as string, /accept/i);
  assert.equal((await client.get('/v1/datasets/tagged/records', { 'if-none-match': etag })).status, 304);
  assert.notEqual((await client.get('/v1/datasets/tagged/records?f=csv')).headers.get('etag'), etag);
  await client.put('/v1/datasets/tagged', '[{"id":2}]', 'application/json');
  assert.equal((await client.get('/v1/datasets/tagged/records', { 'if-none-match': etag })).status, 200);
  const stale = await client.ask('PUT', '/v1/datasets/tagged', {
    body: '[{"id":3}]',
    headers: { 'content-type': 'application/json', 'if-match': etag },
  });
  assert.equal(stale.status, 412);
});

test('HEAD returns the headers of GET, without the body', async () => {
  await client.put('/v1/datasets/headed', '[{"id":1}]', 'application/json');
  for (const path of ['/v1/datasets/headed', '/v1/datasets/headed/records', '/v1/datasets/headed/records/1', '/v1/datasets/headed.csv']) {
    const [head, get] = [await client.ask('HEAD', path), await client.get(path)];
    assert.equal(head.status, 200, path);
    assert.equal(head.bytes.length, 0);
    assert.equal(head.headers.get('content-type'), get.headers.get('content-type'));
  }
});
