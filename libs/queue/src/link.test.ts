import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { connect } from './chaos/connect.ts';
import { NetworkProxy } from './chaos/proxy.ts';
import { queueKeys, ReliableQueue, silent, Worker } from './index.ts';
import { Link, LostReply } from './link.ts';

const store = await startTestRedis();
after(() => store.end());

test('a process that stood still for longer than it waits for a reply reads what came meanwhile', async () => {
  const redis = store.connect(1);
  const link = new Link(redis, queueKeys('still'));
  await redis.ping();
  const answer = link.settled(() => redis.ping(), 100);
  await new Promise(setImmediate);
  for (const end = performance.now() + 400; performance.now() < end; );
  assert.equal(await answer, 'PONG');
  assert.equal(redis.status, 'ready');
});

test('a reply that does not come is lost, in silence, and the connection is made anew', async (t) => {
  const proxy = await NetworkProxy.start(store.port);
  const redis = connect(proxy.port);
  t.after(() => {
    redis.disconnect();
    return proxy.end();
  });
  while (redis.status !== 'ready') await sleep(5);
  const link = new Link(redis, queueKeys('silence'));
  const isAnew = once(redis, 'ready');
  for (const conduit of proxy.conduits) conduit.halfOpen();
  await assert.rejects(
    link.settled(() => redis.ping(), 100),
    (error) => error instanceof LostReply && error.isSilence,
  );
  await isAnew;
  assert.equal(await link.settled(() => redis.ping(), 5000), 'PONG');
});

test('F8: a worker that waits in a dead connection hears of it by its beat, however long it may wait there', async (t) => {
  const proxy = await NetworkProxy.start(store.port);
  const queue = new ReliableQueue(store.connect(1), 'waits');
  const [redis, blocking] = [connect(proxy.port), connect(proxy.port, { isBlocking: true })];
  const handle = async () => ({ state: 'complete', note: '{}' }) as const;
  const worker = new Worker({ redis, blocking, queue: 'waits', logger: silent, blockSeconds: 600, handle }).start();
  t.after(async () => {
    await worker.stop(500);
    redis.disconnect();
    await proxy.end();
  });
  const isDone = async (id: string) => (await queue.get([id]))[0]?.state === 'complete';
  await queue.enqueue('before', '{}');
  while (!(await isDone('before'))) await sleep(10);
  await sleep(100);
  for (const conduit of proxy.conduits) conduit.halfOpen();
  await queue.enqueue('after', '{}');
  while (!(await isDone('after'))) await sleep(10);
});
