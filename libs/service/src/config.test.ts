import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { ConfigError, RedisEnv, readConfig, ServiceEnv } from './config.ts';
import { redisOptions } from './redis-address.ts';

const Env = Type.Interface([ServiceEnv, RedisEnv], {});

test('defaults are filled in, numbers converted, other variables dropped; the result is frozen', () => {
  const config = readConfig(Env, { PORT: '5001', DRAIN_SECONDS: '0.5', HOME: '/root', REDIS_IP: '' });
  assert.deepEqual({ ...config }, { HOST: '::', PORT: 5001, API_ON_TCP: false, LOG_LEVEL: 'info', LOG_FORMAT: 'json', DRAIN_SECONDS: 0.5 });
  assert.ok(Object.isFrozen(config));
});

test('one message has all problems, each with the value and the description of the variable', () => {
  assert.throws(
    () => readConfig(Env, { PORT: 'abc', LOG_LEVEL: 'loud' }),
    (error: Error) =>
      error instanceof ConfigError &&
      /2 problems/.test(error.message) &&
      /PORT='abc'.*TCP port/.test(error.message) &&
      /LOG_LEVEL='loud'.*one of fatal/.test(error.message),
  );
  assert.throws(() => readConfig(Env, {}), /PORT is not set: TCP port/);
});

for (const [env, role, expected] of [
  [{ REDIS_URL: 'redis://store:7000' }, 'data', { host: 'store', port: 7000, db: 0 }],
  [{ REDIS_URL: 'redis://store' }, 'queue', { host: 'store', port: 6379, db: 1 }],
  [{ REDIS_IP: '10.0.0.7' }, 'results', { host: '10.0.0.7', port: 6379, db: 2 }],
  [
    { REDIS_URL: 'redis://a', REDIS_QUEUE_URL: 'redis://u:p%40@b:1/5' },
    'queue',
    { host: 'b', port: 1, db: 5, username: 'u', password: 'p@' },
  ],
  [{ REDIS_URL: 'unix:/run/store.sock' }, 'queue', { path: '/run/store.sock', db: 1 }],
  [{ REDIS_URL: 'redis://[::1]:7' }, 'data', { host: '::1', port: 7, db: 0 }],
] as const) {
  test(`${JSON.stringify(env)} puts ${role} at ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(redisOptions(role, env), expected);
  });
}

test('a missing or invalid store address is a clear message', () => {
  assert.throws(() => redisOptions('data', {}), /REDIS_URL is not set/);
  assert.throws(() => redisOptions('data', { REDIS_URL: 'store:6379' }), /use redis:/);
  assert.throws(() => redisOptions('data', { REDIS_URL: 'http://store' }), /starts with 'http:'/);
});

for (const url of [
  'redis://u:hunter2/x@store:6379',
  'redis://u:hunter2?x@store:6379',
  'redis://u:hunter2#x@store:6379',
  'redis://u:12/hunter2@store:6379',
  'redis://u:hunter2@@st ore:6379',
  'redis://u:hunter2%zz@store:6379',
  'redis://u:hunter2@store:99999',
  'redis://u:hunter2@store:6379/first',
  'redis://u:hunter2@',
  'redis://:hunter2',
  'redis://u:hunter2',
  'u:hunter2@store:6379',
  'http://u:hunter2@store',
  'hunter2',
]) {
  test(`the message about ${url} does not contain the password`, () => {
    for (const env of [{ REDIS_URL: url }, { REDIS_QUEUE_URL: url }]) {
      assert.throws(
        () => redisOptions('queue', env),
        (error: Error) => {
          assert.ok(error instanceof ConfigError, String(error));
          assert.doesNotMatch(error.message, /hunter2/);
          assert.ok(error.message.includes(Object.keys(env)[0] as string), error.message);
          return true;
        },
      );
    }
  });
}

test('a message about an address contains the host', () => {
  assert.throws(() => redisOptions('data', { REDIS_URL: 'redis://u:pa/ss@store:6379' }), /REDIS_URL \(…store:6379\) is not a URL/);
  assert.throws(() => redisOptions('data', { REDIS_URL: 'store:6379' }), /REDIS_URL \(…store:6379\)/);
});
