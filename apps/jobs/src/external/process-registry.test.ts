import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { jobLimits, ProblemError } from '@almanac/domain';
import { JobQueue } from '@almanac/job-queue';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import type { Redis } from 'ioredis';
import { ProcessRegistry, REGISTERED } from './process-registry.ts';

const registration = { version: '1', title: 'Density', outputs: { png: { mediaType: 'image/png' } } };
const big = (bytes: number) => ({
  ...registration,
  inputs: { enum: Array.from({ length: Math.floor(bytes / 1000) }, () => 'x'.repeat(997)) },
});
const refuses = (promise: Promise<unknown>, message: RegExp) =>
  assert.rejects(promise, (error) => error instanceof ProblemError && message.test(error.message));

let store: TestRedis;
let redis: Redis;
let registry: ProcessRegistry;
before(async () => {
  store = await startTestRedis();
  redis = store.connect(1);
});
after(() => store.end());
beforeEach(async () => {
  await redis.flushdb();
  registry = new ProcessRegistry(redis, new JobQueue(redis, { queue: 'plot' }));
});

test('only what has changed is read again, however many registrations there are and however often they are looked at', async () => {
  const stored = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`p${i}`, JSON.stringify({ schema: 1, ...registration, title: `${i}` })]),
  );
  await redis.hset(REGISTERED, stored);
  for (let i = 0; i < 10; i++) await registry.refresh(0);
  assert.equal(registry.parsed, 100);
  await redis.hset(REGISTERED, 'p7', JSON.stringify({ schema: 1, ...registration, title: 'new' }));
  await registry.refresh(0);
  assert.deepEqual([registry.parsed, (await registry.get('p7')).title], [101, 'new']);
});

test('requests that come together share one reading', async () => {
  const before = Number(/cmdstat_hgetall:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
  await Promise.all(Array.from({ length: 50 }, () => registry.refresh()));
  const after = Number(/cmdstat_hgetall:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
  assert.equal(after - before, 1);
});

test('a registration is bounded in bytes, and so are all of them in number and bytes', async () => {
  await refuses(registry.register('a', big(70_000)), /registration is too large: [\d,]+ bytes, the limit is 65,536 bytes/);
  const many = Object.fromEntries(
    Array.from({ length: jobLimits.registrations.value }, (_, i) => [
      `p${i}`,
      JSON.stringify({ schema: 1, ...registration, queue: 'shared' }),
    ]),
  );
  await redis.hset(REGISTERED, many);
  await refuses(registry.register('one-more', registration), /Too many processes are registered: 201 registrations, the limit is 200/);
  assert.equal(await registry.register('p7', registration), false, 'one that is there is registered anew');
  await registry.remove('p8');
  assert.equal(await registry.register('one-more', registration), true);
});

test('all registrations together are bounded in bytes', async () => {
  const text = JSON.stringify({ schema: 1, ...big(60_000), queue: 'shared' });
  await redis.hset(REGISTERED, Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`p${i}`, text])));
  await refuses(registry.register('a', big(60_000)), /All registrations together are too large: [\d,]+ bytes, the limit is 4,194,304/);
});

test('queues of removed processes do not pile up without end', async () => {
  const { value } = jobLimits.queues;
  const jobs = new JobQueue(redis, { queue: 'plot' });
  registry = new ProcessRegistry(redis, jobs);
  for (let i = 1; i < value; i++) jobs.open(`q${i}`);
  await refuses(registry.register('a', registration), /Too many queues are in use: 401/);
  assert.equal(await registry.register('b', { ...registration, queue: 'q1' }), true);
});
