import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { startTestRedis } from '@almanac/testkit';
import { ServerWatch } from './index.ts';

function listener(): { lines: { settings?: string; message: string }[]; logger: ConstructorParameters<typeof ServerWatch>[1] } {
  const lines: { settings?: string; message: string }[] = [];
  const hear = (fields: object, message: string) => void lines.push({ ...fields, message });
  return { lines, logger: { info: hear, warn: hear, error: hear } };
}

test('a server that evicts records is logged once, until its setting is right', async () => {
  const store = await startTestRedis(['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru']);
  after(() => store.end());
  const redis = store.connect(1);
  const { lines, logger } = listener();
  const watch = new ServerWatch(redis, logger, { freshMs: 0 });
  await assert.rejects(watch.check, /^Error: eviction: maxmemory-policy allkeys-lru: must be noeviction/);
  await assert.rejects(watch.check);
  assert.equal(lines.length, 1);
  assert.match(lines[0]?.message as string, /may lose accepted jobs/);
  assert.match(lines[0]?.settings as string, /allkeys-lru/);

  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  await watch.check();
  assert.equal(lines.length, 2);
});

test('it is looked at when the connection is ready, not asked again while that is fresh, and anew after a reconnect', async () => {
  const store = await startTestRedis(['--appendonly', 'no']);
  after(() => store.end());
  const redis = store.connect(1);
  const { lines, logger } = listener();
  const watch = new ServerWatch(redis, logger);
  await assert.rejects(watch.check, /persistence: appendonly no/);
  await redis.config('SET', 'appendonly', 'yes');
  await assert.rejects(watch.check, /persistence/, 'what was found a moment ago stands');
  const back = once(redis, 'ready');
  await store.connect().call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await back;
  await watch.check();
  assert.equal(lines.length, 2);
});

test('a user without CONFIG is told what INFO tells; what nobody tells is no complaint', async () => {
  const store = await startTestRedis(['--appendonly', 'no', '--maxmemory-policy', 'volatile-ttl']);
  after(() => store.end());
  await store.connect().call('ACL', 'SETUSER', 'jobs', 'on', '>secret', '~*', '&*', '+@all', '-config');
  const redis = store.connect(1).duplicate({ username: 'jobs', password: 'secret' });
  after(() => redis.disconnect());
  await assert.rejects(redis.config('GET', 'appendonly'), /NOPERM/);
  const watch = new ServerWatch(redis, listener().logger);
  await assert.rejects(watch.check, /^Error: eviction: .*volatile-ttl.*; persistence: appendonly no: [^;]*$/);
  const fsync = (await watch.findings()).find(({ name }) => name === 'fsync');
  assert.equal(fsync?.isFine, undefined);
});
