import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startTestRedis } from '@almanac/testkit';
import { AbstractConnector, Redis } from 'ioredis';
import { queueConnectionOptions } from './connection.ts';
import { Observer, type QueueRecord, ReliableQueue, silent, Worker } from './index.ts';
import { addressOf } from './threaded-heartbeat.ts';

const store = await startTestRedis();
after(() => store.end());
const redis = store.connect(1);
const LOST_AFTER_MS = 2500;
const STILL_MS = 3 * LOST_AFTER_MS;

/** What became of a job whose handler stood still for three times as long as a worker may be silent: its record when it is decided. */
async function outcomeOf(queueName: string, heartbeat: 'timer' | 'thread', maxStallMs = 600_000): Promise<QueueRecord> {
  const queue = new ReliableQueue(redis, queueName);
  await queue.enqueue('job', '{}');
  const observer = new Observer({ redis, queue: queueName, lostAfterMs: LOST_AFTER_MS }).start();
  const args = [store.port, queueName, STILL_MS, LOST_AFTER_MS, heartbeat, maxStallMs].map(String);
  const child = fork(new URL('./fixtures/blocking-worker.ts', import.meta.url), args, { execArgv: [] });
  try {
    for (;;) {
      const [record] = await queue.get(['job']);
      if (record?.state === 'complete' || (record?.crashes ?? 0) > 0) return record as QueueRecord;
      await sleep(20);
    }
  } finally {
    observer.stop();
    child.kill('SIGKILL');
  }
}

test('a handler that keeps the main thread loses its job, where the main thread beats', async () => {
  const { crashes, past } = await outcomeOf('by-timer', 'timer');
  assert.equal(crashes, 1);
  assert.equal(past[0]?.outcome, 'lost');
});

test('and keeps it, where a thread of its own beats', async () => {
  const { state, attempts, crashes, past } = await outcomeOf('by-thread', 'thread');
  assert.deepEqual({ state, attempts, crashes, past }, { state: 'complete', attempts: 1, crashes: 0, past: [] });
});

test('the thread does not beat for ever for a main thread that stands still', async () => {
  const { crashes } = await outcomeOf('for-ever', 'thread', 500);
  assert.equal(crashes, 1);
});

test('a worker that is stopped leaves no thread and no connection behind; one that was fenced beats under its new name', async () => {
  const queue = new ReliableQueue(redis, 'stopped');
  const connections = async () => Number(/connected_clients:(\d+)/.exec(await redis.info('clients'))?.[1]);
  const before = await connections();
  const worker = new Worker({
    redis,
    queue: 'stopped',
    lostAfterMs: 400,
    heartbeat: 'thread',
    handle: async () => ({ state: 'complete', note: '{}' }),
  }).start();
  const name = async (but?: string) => {
    for (; worker.name === undefined || worker.name === but; await sleep(5));
    return worker.name;
  };
  const first = await name();
  await new Observer({ redis, queue: 'stopped', logger: silent }).reapNow(first);
  const second = await name(first);
  const beatsOf = async () => Number(await redis.hget(queue.keys.workers, second));
  for (const began = await beatsOf(); (await beatsOf()) < began + 3; await sleep(20));
  await queue.enqueue('job', '{}');
  while ((await queue.get(['job']))[0]?.state !== 'complete') await sleep(5);
  await worker.stop();
  while ((await connections()) > before) await sleep(5);
});

test('of how to connect, all that is no function reaches the thread, however deep it lies', () => {
  const tls = { ca: Buffer.from('a certificate'), servername: 'store', checkServerIdentity: () => undefined };
  assert.deepEqual(addressOf({ host: 'h', retryStrategy: () => 1, tls, sentinels: [{ host: 's', port: 1 }] }), {
    host: 'h',
    tls: { ca: tls.ca, servername: 'store' },
    sentinels: [{ host: 's', port: 1 }],
  });
});

/** A way to the store that only the main thread knows: a class cannot be sent to another. */
class OwnWay extends AbstractConnector {
  constructor() {
    super(100);
  }
  async connect() {
    this.stream = connect(store.port, '127.0.0.1');
    return this.stream;
  }
}

test('a thread that cannot connect is told of, and the jobs are worked', { timeout: 60_000 }, async () => {
  const own = new Redis({ ...queueConnectionOptions, host: '127.0.0.1', port: await freePort(), db: 1, Connector: OwnWay });
  own.on('error', () => {});
  const warnings: string[] = [];
  const worker = new Worker({
    redis: own,
    queue: 'alone',
    lostAfterMs: 400,
    heartbeat: 'thread',
    logger: { ...silent, warn: (_: object, message: string) => void warnings.push(message) },
    handle: async () => ({ state: 'complete', note: '{}' }),
  }).start();
  try {
    const queue = new ReliableQueue(redis, 'alone');
    await queue.enqueue('job', '{}');
    while ((await queue.get(['job']))[0]?.state !== 'complete') await sleep(5);
    assert.equal(warnings.filter((text) => /thread is not connected/.test(text)).length, 1);
  } finally {
    await worker.stop();
    own.disconnect();
  }
});
