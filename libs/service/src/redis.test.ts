import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@almanac/domain';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import type { Redis } from 'ioredis';
import { createLogger } from './logger.ts';
import { asStoreProblem, connectRedis, isStoreDown } from './redis.ts';
import { storeCheck } from './store-checks.ts';

const logger = createLogger('test', 'silent');
let store: TestRedis;
let redis: Redis;
before(async () => {
  store = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  redis = connectRedis('queue', { REDIS_URL: store.url }, { logger });
  await new Promise((resolve) => redis.once('ready', resolve));
});
after(async () => {
  redis.disconnect();
  await store.end();
});

test('commands to a stopped store fail at once as unavailable, and work again when it is back', async () => {
  await redis.set('a', '1');
  await store.kill();
  const failure = await redis.get('a').catch((error: Error) => error);
  assert.ok(isStoreDown(failure), String(failure));
  assert.equal((asStoreProblem(failure) as ProblemError).status, 503);
  assert.equal((asStoreProblem(failure) as ProblemError).headers['retry-after'], '1');
  await assert.rejects(storeCheck(redis)());
  const back = new Promise((resolve) => redis.once('ready', resolve));
  await store.start();
  await back;
  assert.equal(await redis.get('a'), '1');
  await storeCheck(redis)();
});

test('a command whose reply is lost fails instead of waiting', async () => {
  const blocked = redis.blpop('nothing-here', 0).catch((error: Error) => error);
  await sleep(50);
  await store.kill();
  assert.ok(isStoreDown(await blocked));
  const back = new Promise((resolve) => redis.once('ready', resolve));
  await store.start();
  await back;
});

test('the same holds within a pipeline that was replied to in part', async () => {
  const answers = redis.pipeline().set('b', '1').blpop('nothing-here', 0).exec();
  await sleep(50);
  await store.kill();
  const [first, second] = (await answers) as [Error | null, unknown][];
  assert.equal(first?.[0], null);
  assert.ok(isStoreDown(second?.[0]), String(second?.[0]));
  const back = new Promise((resolve) => redis.once('ready', resolve));
  await store.start();
  await back;
});

test('if the store is silent, waiting commands fail and the connection is replaced; an idle one is kept', async () => {
  const impatient = connectRedis('queue', { REDIS_URL: store.url }, { logger, silentAfterMs: 100 });
  const happens = (event: string) => new Promise((resolve) => impatient.once(event, resolve));
  await happens('ready');
  let closes = 0;
  impatient.on('close', () => closes++);
  await sleep(300);
  assert.equal(closes, 0);
  process.kill(store.pid, 'SIGSTOP');
  const [first, second] = await Promise.all(
    [impatient.get('a'), impatient.get('b')].map((answer) => answer.catch((error: Error) => error)),
  );
  assert.ok(isStoreDown(first) && isStoreDown(second), `${first}, ${second}`);
  const back = happens('ready');
  process.kill(store.pid, 'SIGCONT');
  await back;
  assert.equal(await impatient.get('a'), '1');
  impatient.disconnect();
});

test('the role decides the database', async () => {
  assert.match(await redis.client('INFO'), / db=1 /);
});

test('other errors do not count as a stopped store', async () => {
  const wrong = await redis.hget('a', 'field').catch((error: Error) => error);
  assert.match((wrong as Error).message, /WRONGTYPE/);
  assert.equal(isStoreDown(wrong), false);
  assert.equal(isStoreDown(new Error('LOADING a file')), false);
  assert.equal(isStoreDown(new ProblemError('internal', 'ECONNREFUSED')), false);
});
