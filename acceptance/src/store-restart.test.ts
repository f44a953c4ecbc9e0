// With the shipped users, a restarted store has all its data: of single commands, scripts and transactions.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { freePort, storeBinary } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { passwordOf, UsersFile } from './redis-users.ts';

const users = new UsersFile();
const folder = mkdtempSync(join(tmpdir(), 'almanac-store-restart-'));
after(() => {
  users.end();
  rmSync(folder, { recursive: true, force: true });
});

/** A store with the shipped users. The test store cannot be used, because it connects as the default user. */
async function withStore<T>(port: number, work: (redis: Redis) => Promise<T>): Promise<T> {
  const options = ['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', '--aclfile', users.path];
  const server = spawn(storeBinary(), ['--port', String(port), ...options], { stdio: 'ignore' });
  const redis = new Redis(port, '127.0.0.1', { username: 'ingest', password: passwordOf('ingest'), protocol: 2, retryStrategy: () => 20 });
  redis.on('error', () => {});
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  }
}

test('the writes of a script, a transaction and a command survive a restart', async () => {
  const port = await freePort();
  await withStore(port, async (redis) => {
    await redis.set('ds:command', 1);
    await redis.eval("redis.call('SET', KEYS[1], 2) redis.call('SET', KEYS[2], 3)", 2, 'ds:script', 'ds:script:second');
    await redis.multi().set('ds:transaction', 4).set('ds:transaction:second', 5).exec();
  });
  const keys = ['ds:command', 'ds:script', 'ds:script:second', 'ds:transaction', 'ds:transaction:second'];
  const found = await withStore(port, async (redis) => await Promise.all(keys.map((key) => redis.strlen(key))));
  assert.deepEqual(found, [1, 1, 1, 1, 1]);
});

test('the default user cannot log in', async () => {
  const port = await freePort();
  await withStore(port, async (redis) => {
    await redis.set('ds:x', 1);
    const stranger = new Redis(port, '127.0.0.1', { protocol: 2, enableReadyCheck: false });
    stranger.on('error', () => {});
    await assert.rejects(stranger.get('ds:x'), /NOAUTH/);
    for (const password of ['', 'x']) await assert.rejects(stranger.auth('default', password), /WRONGPASS/);
    stranger.disconnect();
  });
});
