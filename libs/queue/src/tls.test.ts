// Every connection that a queue and its worker open uses the TLS options of the first one: commands, blocking reads, the thread that beats.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startTestRedis, TestAuthority, tlsServerOptions } from '@almanac/testkit';
import { connectQueue, ReliableQueue, Worker } from './index.ts';

const authority = new TestAuthority();
const port = await freePort();
const store = await startTestRedis(tlsServerOptions(port, authority, authority.issue('store', ['DNS:localhost', 'IP:127.0.0.1'])));
const files = authority.issue('client');
const tls = { ca: readFileSync(authority.ca, 'utf8'), cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
after(async () => {
  await store.end();
  authority.end();
});

test('a job goes through a store that accepts TLS alone', async () => {
  const redis = await connectQueue({ host: '127.0.0.1', port, tls });
  const queue = new ReliableQueue(redis, 'over-tls');
  const { promise: worked, resolve } = Promise.withResolvers<string>();
  const worker = new Worker({
    redis,
    queue: 'over-tls',
    heartbeat: 'thread',
    lostAfterMs: 400,
    handle: async ({ payload }) => {
      resolve(payload);
      return { state: 'complete', note: '' };
    },
  }).start();
  // The worker waits in a blocking read by the time the job comes.
  await sleep(200);
  await queue.enqueue('one', '{"a":1}');
  assert.equal(await worked, '{"a":1}');
  const plain = store.connect();
  const clients = (await plain.client('LIST')) as string;
  const ports = clients
    .trim()
    .split('\n')
    .map((line) => /laddr=\S+:(\d+)/.exec(line)?.[1]);
  assert.equal(ports.filter((found) => found === String(port)).length, 4, clients);
  await worker.stop();
  redis.disconnect();
});
