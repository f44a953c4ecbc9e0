// Every connection that a queue and its worker open uses the TLS options of the first one: commands, blocking reads, the thread that beats.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startTestRedis, TestAuthority, tlsServerOptions } from '@almanac/testkit';
import { connectQueue, type HeldJob, ReliableQueue, Worker } from './index.ts';

const authority = new TestAuthority();
const port = await freePort();
const store = await startTestRedis(tlsServerOptions(port, authority, authority.issue('store', ['DNS:localhost', 'IP:127.0.0.1'])));
const files = authority.issue('client');
const tls = { ca: readFileSync(authority.ca, 'utf8'), cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
after(async () => {
  await store.end();
  authority.end();
});

test('a job goes through a store that accepts TLS alone', { timeout: 120_000 }, async (t) => {
  const redis = await connectQueue({ host: '127.0.0.1', port, tls });
  const queue = new ReliableQueue(redis, 'over-tls');
  const { promise: worked, resolve } = Promise.withResolvers<string>();
  const handle = async ({ payload }: HeldJob) => {
    resolve(payload);
    return { state: 'complete', note: '' } as const;
  };
  const worker = new Worker({ redis, queue: 'over-tls', heartbeat: 'thread', handle }).start();
  t.after(async () => {
    await worker.stop(0);
    redis.disconnect();
  });
  // Commands, the blocking read in which the worker waits, the thread that beats, and the subscription to hints.
  const plain = store.connect();
  const overTls = async () =>
    ((await plain.client('LIST')) as string).split('\n').filter((line) => line.includes(`laddr=127.0.0.1:${port} `));
  while ((await overTls()).length < 4) await sleep(20);
  await queue.enqueue('one', '{"a":1}');
  assert.equal(await worked, '{"a":1}');
});
