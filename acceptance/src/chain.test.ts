// The whole chain as a user follows it: load, read, plot, fetch, delete.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Client, pngSize } from './client.ts';
import { needsOwn, outside, Stack, services } from './stack.ts';

const stack = new Stack();
let client: Client;
before(async () => {
  await stack.start();
  client = new Client(stack.url);
});
after(() => stack.end());

const csv = [
  'id,name,mass (g),year',
  ...Array.from({ length: 120 }, (_, i) => `${i + 1},Stone ${i + 1},${(i * 7.5).toFixed(2)},${1900 + i}`),
].join('\n');

test('a CSV becomes a data set with typed columns, a key and a version', async () => {
  const loaded = await client.put('/v1/datasets/stones', csv);
  assert.equal(loaded.status, 201);
  assert.equal(loaded.json.rows, 120);
  assert.equal(loaded.json.rejected, 0);
  assert.equal(loaded.json.key, 'id');
  assert.deepEqual(
    loaded.json.columns.map((c: { name: string; type: string; unit?: string }) => [c.name, c.type, c.unit]),
    [
      ['id', 'integer', undefined],
      ['name', 'string', undefined],
      ['mass (g)', 'number', 'g'],
      ['year', 'integer', undefined],
    ],
  );
  // The versions of a deleted data set continue to count.
  assert.match(loaded.json.version, outside === undefined ? /^1-[0-9a-f]{16}$/ : /^\d+-[0-9a-f]{16}$/);
  const set = await client.get('/v1/datasets/stones');
  assert.equal(set.json.version, loaded.json.version);
  assert.ok((await client.get('/v1/datasets')).json.items.some((item: { id: string }) => item.id === 'stones'));
});

test('records come back as they were sent, by page, by key, and whole', async () => {
  const page = await client.get('/v1/datasets/stones/records?limit=2&offset=50&fields=name,id');
  assert.deepEqual(page.json.items, [
    { name: 'Stone 51', id: 51 },
    { name: 'Stone 52', id: 52 },
  ]);
  assert.equal(page.json.numberMatched, 120);
  assert.ok(page.json.links.some((link: { rel: string }) => link.rel === 'next'));
  assert.equal((await client.get('/v1/datasets/stones/records/7')).text, '{"id":7,"name":"Stone 7","mass (g)":45.00,"year":1906}');
  assert.equal((await client.get('/v1/datasets/stones.csv')).text.trim().split('\n').length, 121);
  assert.equal((await client.get('/v1/datasets/stones.json')).json.length, 120);
  assert.equal((await client.get('/v1/datasets/stones/records?limit=all&f=ndjson')).text.trim().split('\n').length, 120);
});

test('paging through a set visits every record once', async () => {
  const seen: number[] = [];
  let path: string | undefined = '/v1/datasets/stones/records?limit=17';
  while (path !== undefined) {
    const { json } = await client.get(path);
    seen.push(...json.items.map((item: { id: number }) => item.id));
    const next = json.links.find((link: { rel: string }) => link.rel === 'next')?.href as string | undefined;
    path = next === undefined ? undefined : new URL(next, stack.url).pathname + new URL(next, stack.url).search;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 120 }, (_, i) => i + 1),
  );
});

test('a plot job is accepted at once, drawn, and fetched as PNG and SVG', async () => {
  const submitted = await client.submit({ dataset: 'stones', type: 'scatter', x: 'year', y: 'mass (g)', title: 'Stones' }, ['png', 'svg']);
  assert.equal(submitted.status, 201);
  assert.equal(submitted.headers.get('location'), `/v1/jobs/${submitted.json.id}`);
  const job = await client.finished(submitted.json.id);
  assert.equal(job.status, 'complete');
  assert.equal(job.progress, 100);
  assert.match(job.description, /120 points/);
  const png = await client.get(job.results.png.href);
  assert.equal(png.headers.get('content-type'), 'image/png');
  assert.deepEqual(pngSize(png.bytes), { width: 640, height: 480 });
  assert.equal(png.bytes.length, job.results.png.bytes);
  const svg = await client.get(job.results.svg.href);
  assert.match(svg.text, /<svg[^>]*>[\s\S]*mass \(g\)[\s\S]*<\/svg>/);
  assert.deepEqual(Object.keys((await client.get(`/v1/jobs/${job.id}/results`)).json).sort(), ['png', 'svg']);
});

test('the same plot again reuses the result of the first, as a separate job', async () => {
  const inputs = { dataset: 'stones', type: 'histogram', x: 'mass (g)' };
  const first = await client.submit(inputs, ['png'], { prefer: 'wait=20' });
  assert.equal(first.json.status, 'complete');
  const again = await client.submit(inputs, ['png'], { prefer: 'wait=20' });
  assert.equal(again.json.status, 'complete');
  assert.notEqual(again.json.id, first.json.id);
  assert.equal(first.json.cache, 'miss');
  assert.equal(again.json.cache, 'hit');
  assert.equal(again.json.resultOf, first.json.id);
  assert.deepEqual((await client.get(again.json.results.png.href)).bytes, (await client.get(first.json.results.png.href)).bytes);
});

test('with only a data set, a plot is chosen and the choice is explained', async () => {
  const { json: job } = await client.submit({ dataset: 'stones' }, ['svg'], { prefer: 'wait=20' });
  assert.equal(job.status, 'complete');
  assert.ok(job.inputs.type);
  assert.match(job.message, /\w+/);
});

test('a filter narrows what is drawn', async () => {
  const { json: job } = await client.submit(
    { dataset: 'stones', type: 'scatter', x: 'year', y: 'mass (g)', where: { year: { gte: 1990 } } },
    ['png'],
    { prefer: 'wait=20' },
  );
  assert.match(job.description, /30 points/);
});

test('a job draws the version it was accepted with, even if another is loaded meanwhile', async () => {
  const { json: first } = await client.submit({ dataset: 'stones', type: 'line', x: 'year', y: 'mass (g)' });
  await client.put('/v1/datasets/stones', `${csv}\n121,Late,1,2021`);
  const job = await client.finished(first.id);
  assert.equal(job.status, 'complete');
  assert.equal(job.dataset.version, first.dataset.version);
  assert.match(job.description, /120 records/);
  assert.equal((await client.get('/v1/datasets/stones')).json.rows, 121);
});

test('a gzip body is accepted', async () => {
  const loaded = await client.ask('PUT', '/v1/datasets/zipped', {
    body: gzipSync(csv),
    headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' },
  });
  assert.equal(loaded.json.rows, 120);
});

test('a data set is deleted, and deleting it again is no error', async () => {
  await client.put('/v1/datasets/brief', '[{"a":1}]', 'application/json');
  assert.equal((await client.ask('DELETE', '/v1/datasets/brief')).status, 204);
  assert.equal((await client.ask('DELETE', '/v1/datasets/brief')).status, 204);
  assert.equal((await client.get('/v1/datasets/brief')).status, 404);
  const again = await client.put('/v1/datasets/brief', '[{"a":2}]', 'application/json');
  if (outside === undefined) assert.match(again.json.version, /^3-/, 'versions go on counting where the deleted set stopped');
});

test('a write is seen by the very next read', async () => {
  for (let i = 1; i <= 25; i++) {
    await client.put('/v1/datasets/counter', `[{"id":"x","n":${i}}]`, 'application/json');
    assert.equal((await client.get('/v1/datasets/counter/records/x')).json.n, i);
  }
});

test('a request id travels from the gateway into the job', async () => {
  const { json, headers } = await client.submit({ dataset: 'stones', type: 'histogram', x: 'year' }, ['png'], { 'x-request-id': 'walk-1' });
  assert.equal(headers.get('x-request-id'), 'walk-1');
  assert.equal(json.requestId, 'walk-1');
});

test('every service reports that it is live and ready, and has metrics', { skip: needsOwn }, async () => {
  for (const service of services) {
    const own = new Client(stack.urlOf(service));
    assert.equal((await own.get('/livez')).status, 200);
    assert.equal((await own.get('/readyz')).json.status, 'pass');
    assert.match((await own.get('/metrics')).text, /process_cpu_seconds_total/);
  }
});

test('the gateway serves help, docs and one OpenAPI document', async () => {
  const help = await client.get('/help');
  assert.match(help.headers.get('content-type') as string, /^text\/plain/);
  const { json: document } = await client.get('/openapi.json');
  for (const [path, methods] of Object.entries(document.paths as Record<string, object>)) {
    for (const method of Object.keys(methods))
      assert.ok(
        help.text.includes(`${method.toUpperCase()} `) && help.text.includes(path.replace(/\{(\w+)\}/g, '{$1}')),
        `${method} ${path} is in /help`,
      );
  }
  assert.equal((await client.get('/docs/')).status, 200);
  assert.match((await client.get('/', { accept: 'text/html' })).text, /stones/);
});
