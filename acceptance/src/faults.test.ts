// The store, a worker or a service is killed. Nothing acknowledged is lost, and nothing hangs.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client.ts';
import { needsOwn, Stack, services, ownTest as test } from './stack.ts';

const stack = new Stack({ WORKER_LOST_AFTER_MS: '1500' });
let client: Client;
before(async () => {
  if (needsOwn !== false) return;
  await stack.start();
  client = new Client(stack.url);
  await client.put('/v1/datasets/kept', rows(5000));
});
after(() => stack.end());

const rows = (n: number) => `id,a,b\n${Array.from({ length: n }, (_, i) => `${i},${(i * 37) % 101},${Math.sin(i)}`).join('\n')}\n`;

/** A body that is sent in pieces, and calls `between` after the first half. */
async function* slowly(text: string, between: () => Promise<void>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text.slice(0, text.length / 2));
  await between();
  yield Buffer.from(text.slice(text.length / 2));
}

test('the store stops during a load: 503 with Retry-After, no service ends, the old records are available again with the store', async () => {
  const before = (await client.get('/v1/datasets/kept')).json.version;
  const body = ReadableStream.from(slowly(rows(200_000), () => stack.kill('store')));
  const response = await client.ask('PUT', '/v1/datasets/kept', { body, headers: { 'content-type': 'text/csv' } });
  assert.equal(response.status, 503, response.text);
  assert.ok(Number(response.headers.get('retry-after')) >= 1);
  assert.match(response.headers.get('content-type') as string, /problem\+json/);

  for (const path of ['/v1/datasets', '/v1/datasets/kept', '/v1/datasets/kept/records', '/v1/datasets/kept/records/1', '/v1/jobs']) {
    const read = await client.get(path);
    assert.equal(read.status, 503, path);
    assert.ok(read.headers.get('retry-after'), path);
  }
  assert.equal((await client.submit({ dataset: 'kept' })).status, 503);
  assert.equal((await fetch(`${stack.urlOf('query')}/readyz`)).status, 503);
  assert.equal((await fetch(`${stack.urlOf('query')}/livez`)).status, 200);

  stack.launch('store');
  await stack.ready();
  assert.equal((await client.get('/v1/datasets/kept')).json.version, before);
  assert.equal((await client.get('/v1/datasets/kept.ndjson')).text.trim().split('\n').length, 5000);
  for (const service of services) assert.ok(stack.isRunning(service), service);
});

test('the store stops after jobs were accepted: all are drawn when it runs again', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 12; i++)
    ids.push((await client.submit({ dataset: 'kept', type: 'scatter', x: 'a', y: 'b', title: `Number ${i}` })).json.id);
  await stack.kill('store');
  await sleep(300);
  stack.launch('store');
  await stack.ready();
  for (const id of ids) assert.equal((await client.finished(id)).status, 'complete');
});

test('a renderer is killed in the middle of a job: another takes the job and finishes it once', async () => {
  await client.put('/v1/datasets/large', rows(300_000));
  const { json: job } = await client.submit({ dataset: 'large', type: 'scatter', x: 'a', y: 'b', title: 'Survivor' });
  while ((await client.get(`/v1/jobs/${job.id}`)).json.status === 'submitted') await sleep(5);
  await stack.kill('renderer');
  const halfway = (await client.get(`/v1/jobs/${job.id}`)).json;
  assert.equal(halfway.status, 'in progress', 'the kill has to come before the end for this test to mean anything');
  stack.launch('renderer');
  const ended = await client.finished(job.id);
  assert.equal(ended.status, 'complete');
  assert.equal(ended.attempts.length, 2);
  assert.equal(ended.attempts[0].outcome, 'lost');
  assert.equal((await client.get(ended.results.png.href)).status, 200);
});

test('if a service is killed, the others work, and the gateway reports which one is unavailable', async () => {
  await stack.kill('ingest');
  assert.equal((await client.get('/v1/datasets/kept/records/3')).status, 200);
  const response = await client.put('/v1/datasets/kept', rows(3));
  assert.equal(response.status, 503);
  assert.match(response.json.detail, /ingest/);
  assert.ok(response.headers.get('retry-after'));
  assert.equal((await client.get('/', { accept: 'text/html' })).status, 200);
  stack.launch('ingest');
  await stack.ready(['ingest']);
  assert.equal((await client.put('/v1/datasets/kept', rows(3))).status, 200);
});

test('jobs without a renderer wait, and are drawn when one starts', async () => {
  await stack.kill('renderer');
  const { status, json } = await client.submit({ dataset: 'kept', type: 'histogram', x: 'a' }, ['png'], { prefer: 'wait=1' });
  assert.equal(status, 201);
  assert.equal(json.status, 'submitted');
  const early = await client.get(`/v1/jobs/${json.id}/results`);
  assert.equal(early.status, 404);
  assert.equal(early.json.type, '/problems/result-not-ready');
  stack.launch('renderer');
  assert.equal((await client.finished(json.id)).status, 'complete');
});

test('if query is killed while a job waits for its rows, the job is delayed, not lost', async () => {
  await stack.kill('query');
  const { json } = await client.submit({ dataset: 'kept', type: 'histogram', x: 'b', title: 'Late rows' });
  await sleep(500);
  stack.launch('query');
  assert.equal((await client.finished(json.id)).status, 'complete');
});
