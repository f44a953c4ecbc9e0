import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { freePort, startTestRedis, TestAuthority, tlsServerOptions } from '@almanac/testkit';
import type { Redis } from 'ioredis';
import { ConfigError, type RedisEnv } from './config.ts';
import { createLogger } from './logger.ts';
import { connectRedis } from './redis.ts';
import { redisOptions } from './redis-address.ts';

const [ours, foreign] = [new TestAuthority(), new TestAuthority('another authority')];
const client = ours.issue('client');
const port = await freePort();
const store = await startTestRedis(tlsServerOptions(port, ours, ours.issue('store', ['DNS:store.example', 'IP:127.0.0.1'])));
const open: Redis[] = [];
after(async () => {
  for (const redis of open) redis.disconnect();
  await store.end();
  for (const authority of [ours, foreign]) authority.end();
});

const REDIS_URL = `rediss://127.0.0.1:${port}`;
const complete: RedisEnv = { REDIS_URL, REDIS_TLS_CA: ours.ca, REDIS_TLS_CERT: client.cert, REDIS_TLS_KEY: client.key };

/** 'ready', or the first error of the connection. */
async function outcome(env: RedisEnv): Promise<string> {
  const redis = connectRedis('data', env, { logger: createLogger('test', 'silent') });
  open.push(redis);
  return await new Promise((resolve) => {
    redis.once('ready', () => resolve('ready'));
    redis.once('error', (error) => resolve(error.message));
  });
}

test('a connection with the right certificates works, for data and for blocking reads', async () => {
  assert.equal(await outcome(complete), 'ready');
  assert.equal(await open.at(-1)?.ping(), 'PONG');
  const blocking = connectRedis('queue', complete, { logger: createLogger('test', 'silent'), blocking: true });
  open.push(blocking);
  await new Promise((resolve) => blocking.once('ready', resolve));
  assert.equal(await blocking.blpop('nothing-here', 0.05), null);
});

for (const [what, env, expected] of [
  ['an authority that is not trusted', { ...complete, REDIS_TLS_CA: undefined }, /self.signed|unable to/i],
  ['another authority', { ...complete, REDIS_TLS_CA: foreign.ca }, /unable to verify|self.signed|unable to get/i],
  ['no client certificate', { ...complete, REDIS_TLS_CERT: undefined, REDIS_TLS_KEY: undefined }, /certificate required|closed|reset/i],
  ['a name that the certificate does not have', { ...complete, REDIS_TLS_SERVER_NAME: 'other.example' }, /does not match/],
] as const) {
  test(`${what} is refused`, async () => assert.match(await outcome(env as RedisEnv), expected));
}

test('the name in the certificate may differ from the host of the address', async () => {
  assert.equal(await outcome({ ...complete, REDIS_TLS_SERVER_NAME: 'store.example' }), 'ready');
});

test('a replaced certificate is used from the next connection', async () => {
  const ca = join(ours.folder, 'replaced.pem');
  copyFileSync(foreign.ca, ca);
  const redis = connectRedis('data', { ...complete, REDIS_TLS_CA: ca }, { logger: createLogger('test', 'silent') });
  open.push(redis);
  await new Promise((resolve) => redis.once('error', resolve));
  copyFileSync(ours.ca, ca);
  await new Promise((resolve) => redis.once('ready', resolve));
  assert.equal(await redis.ping(), 'PONG');
});

for (const [what, env, expected] of [
  ['a certificate without its key', { ...complete, REDIS_TLS_KEY: undefined }, /belong together/],
  [
    'a file that is not there',
    { ...complete, REDIS_TLS_CA: '/nonexistent/ca.pem' },
    /REDIS_TLS_CA='\/nonexistent\/ca.pem' cannot be read \(ENOENT\)/,
  ],
  ['a file of another kind', { ...complete, REDIS_TLS_CA: join(import.meta.dirname, 'redis.ts') }, /is not a PEM file/],
  ['PEM text in place of a path', { ...complete, REDIS_TLS_KEY: '-----BEGIN PRIVATE KEY-----\nsecret' }, /^(?!.*secret).*holds PEM text/s],
  ['certificates for an address without TLS', { ...complete, REDIS_URL: 'redis://store' }, /does not use TLS: use rediss:/],
] as const) {
  test(`${what} is a configuration error`, () => {
    assert.throws(
      () => redisOptions('data', env as RedisEnv),
      (error) => error instanceof ConfigError && expected.test(error.message),
    );
  });
}
