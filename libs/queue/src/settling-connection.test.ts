import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as openSocket, type Socket } from 'node:net';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { connect } from '../proof/chaos/connect.ts';
import { NetworkProxy } from '../proof/chaos/proxy.ts';
import { queueKeys, ReliableQueue, silent, Worker } from './index.ts';
import { SettlingConnection } from './settling-connection.ts';
import { LostReply } from './watchdog.ts';

const store = await startTestRedis();
after(() => store.end());

/** A connection that is ready, and the network it goes through. */
async function connectThroughProxy(t: TestContext) {
  const proxy = await NetworkProxy.start(store.port);
  const redis = connect(proxy.port);
  t.after(() => {
    redis.disconnect();
    return proxy.end();
  });
  while (redis.status !== 'ready') await sleep(5);
  return { proxy, redis };
}

test('a process that stood still for longer than it waits for a reply reads what came meanwhile', async () => {
  const redis = store.connect(1);
  const connection = new SettlingConnection(redis, queueKeys('still'));
  await redis.ping();
  const answer = connection.settle(() => redis.ping(), 100);
  await new Promise(setImmediate);
  for (const end = performance.now() + 400; performance.now() < end; );
  assert.equal(await answer, 'PONG');
  assert.equal(redis.status, 'ready');
});

test('a reply that does not come is lost, in silence, and the connection is made anew', async (t) => {
  const { proxy, redis } = await connectThroughProxy(t);
  const connection = new SettlingConnection(redis, queueKeys('silence'));
  const isAnew = once(redis, 'ready');
  for (const conduit of proxy.conduits) conduit.halfOpen();
  await assert.rejects(
    connection.settle(() => redis.ping(), 100),
    (error) => error instanceof LostReply && error.isSilence,
  );
  await isAnew;
  assert.equal(await connection.settle(() => redis.ping(), 5000), 'PONG');
});

test('what is asked of a queue settles as well when its connection is dead', async (t) => {
  const { proxy, redis } = await connectThroughProxy(t);
  const queue = new ReliableQueue(redis, 'dead');
  const isAnew = once(redis, 'ready');
  for (const conduit of proxy.conduits) conduit.halfOpen();
  const [depth, records, pause] = await Promise.allSettled([queue.depth(), queue.get(['a']), queue.pause()]);
  for (const asked of [depth, records, pause]) assert.ok(asked.status === 'rejected' && asked.reason instanceof LostReply);
  await isAnew;
  assert.equal(await queue.depth(), 0);
});

/** Finds its server slowly, as one that asks Sentinel does, and can be broken off meanwhile, as a failover does. */
class SlowConnector {
  firstError: Error | undefined;
  connecting = false;
  stream: Socket | undefined;

  check(): boolean {
    return true;
  }

  async connect(): Promise<Socket> {
    this.connecting = true;
    await sleep(30);
    if (!this.connecting) throw new Error('Connection is closed.');
    this.stream = openSocket(store.port, '127.0.0.1');
    return this.stream;
  }

  disconnect(): void {
    this.connecting = false;
    this.stream?.end();
  }
}

test('a connection that is broken off while it is made, by nobody who closed it, is made all the same; one that is closed stays so', async () => {
  const made: SlowConnector[] = [];
  class Connector extends SlowConnector {
    constructor() {
      super();
      made.push(this);
    }
  }
  const redis = new Redis({ Connector: Connector as never, retryStrategy: () => 10, protocol: 2, enableReadyCheck: false });
  redis.on('error', () => {});
  const happens = (event: string) => new Promise((resolve) => redis.once(event, resolve));
  new SettlingConnection(redis, queueKeys('broken off'));
  await happens('ready');
  redis.once('connecting', () => setTimeout(() => made[0]?.disconnect(), 5));
  made[0]?.stream?.destroy();
  await happens('end');
  await happens('ready');
  const isOver = happens('end');
  redis.disconnect();
  await isOver;
  await sleep(150);
  assert.equal(redis.status, 'end');
});

test('F8: a worker that waits in a dead connection hears of it by its beat, however long it may wait there', async (t) => {
  const proxy = await NetworkProxy.start(store.port);
  const queue = new ReliableQueue(store.connect(1), 'waits');
  const [redis, blocking] = [connect(proxy.port), connect(proxy.port)];
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
