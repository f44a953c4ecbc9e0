import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { createLogger } from './logger.ts';
import { guardScripts } from './script-guard.ts';

const store = await startTestRedis(['--lua-time-limit', '50']);
const lines: string[] = [];
const logger = createLogger('test', 'info', { destination: { write: (line) => void lines.push(line) } });
const stop = guardScripts({ REDIS_URL: store.url }, { logger, intervalMs: 50 });
const redis = store.connect();
after(async () => {
  stop();
  await store.end();
});
const said = async (pattern: RegExp) => {
  while (!lines.some((line) => pattern.test(line))) await sleep(20);
};

test('an endless script is killed, and the store serves again', { timeout: 30_000 }, async () => {
  await assert.rejects(redis.eval('while true do end', 0), /Script killed/);
  assert.equal(await redis.ping(), 'PONG');
  await said(/killed it/);
});

test('a short script is not killed, and one connection serves all three roles', { timeout: 30_000 }, async () => {
  const before = lines.length;
  assert.equal(await redis.eval('local n = 0; for i = 1, 1e5 do n = n + 1 end; return n', 0), 100_000);
  assert.equal(lines.length, before);
  const clients = (await redis.client('LIST')) as string;
  assert.equal(clients.match(/name=almanac-script-guard/g)?.length, 1);
});

test('a script that has written cannot be killed: the log tells the operator once what to do', { timeout: 30_000 }, async () => {
  const endless = redis.eval("redis.call('SET', 'a', 1) while true do end", 0).catch(() => {});
  await said(/SHUTDOWN NOSAVE/);
  await sleep(500);
  assert.equal(lines.filter((line) => /SHUTDOWN NOSAVE/.test(line)).length, 1);
  await store.kill();
  await endless;
});
