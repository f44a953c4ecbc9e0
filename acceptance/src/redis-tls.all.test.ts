// The product with a store that accepts only TLS and requires a client certificate.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freePort, TestAuthority, tlsServerOptions } from '@almanac/testkit';
import { Client } from './client.ts';
import { Stack, services } from './stack.ts';

const authority = new TestAuthority();
const { cert, key } = authority.issue('client');
const port = await freePort();
const stack = new Stack(
  {
    REDIS_URL: `rediss://127.0.0.1:${port}`,
    REDIS_TLS_CA: authority.ca,
    REDIS_TLS_CERT: cert,
    REDIS_TLS_KEY: key,
    REDIS_TLS_SERVER_NAME: 'redis.example',
  },
  // The last --port takes precedence, so there is no port without TLS.
  { arguments: [...tlsServerOptions(port, authority, authority.issue('store', ['DNS:redis.example'])), '--port', '0'] },
);
let client: Client;
before(async () => {
  await stack.start();
  client = new Client(stack.url);
});
after(async () => {
  await stack.end();
  authority.end();
});

test('loads, reads, draws and fetches', { timeout: 300_000 }, async () => {
  assert.equal((await client.put('/v1/datasets/stones', 'id,a\n1,2\n3,4\n')).status, 201);
  assert.equal((await client.get('/v1/datasets/stones/records/1')).json.a, 2);
  const job = await client.finished((await client.submit({ dataset: 'stones', type: 'bar', x: 'a' })).json.id, 120_000);
  assert.equal(job.status, 'complete', JSON.stringify(job));
  assert.equal((await client.get(job.results.png.href)).headers.get('content-type'), 'image/png');
});

test('after the store was unavailable, every connection is encrypted again', { timeout: 300_000 }, async () => {
  await stack.kill('store');
  assert.equal((await client.get('/v1/datasets')).status, 503);
  stack.launch('store');
  await stack.ready(services);
  assert.equal((await client.get('/v1/datasets/stones/records/3')).json.a, 4);
  const job = await client.finished((await client.submit({ dataset: 'stones', type: 'histogram', x: 'a' })).json.id, 120_000);
  assert.equal(job.status, 'complete', JSON.stringify(job));
});
