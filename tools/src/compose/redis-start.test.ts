// The Redis of the compose file, started by its own script with the Redis of this machine.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freePort, storeBinary } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { root } from '../system/places.ts';
import { findProgram } from '../system/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-redis-start-'));
const port = await freePort();
const users = ['ingest', 'query', 'jobs', 'renderer', 'backup', 'admin'];
const passwordOf = (user: string) => `hidden-password-of-${user}`;
const env = {
  ...Object.fromEntries(users.map((user) => [`REDIS_${user.toUpperCase()}_PASSWORD`, passwordOf(user)])),
  REDIS_WORKER_PASSWORD: '',
  PATH: `${folder}/bin:${process.env.PATH}`,
  TMPDIR: folder,
  FILES: join(root, 'helm/almanac/files'),
  MAXMEMORY: '64mb',
};
mkdirSync(join(folder, 'bin'));
symlinkSync(findProgram(storeBinary()) ?? storeBinary(), join(folder, 'bin/redis-server'));
const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
const server = spawn('sh', [join(root, 'infra/redis/start.sh'), ...args], { env, stdio: 'ignore' });
const clients: Redis[] = [];
const as = (username: string, password = passwordOf(username)): Redis => {
  const client = new Redis(port, '127.0.0.1', { username, password, protocol: 2, enableReadyCheck: false, retryStrategy: () => 20 });
  clients.push(client.on('error', () => {}));
  return client;
};
before(async () => {
  const admin = as('admin');
  while ((await admin.ping().catch(() => '')) !== 'PONG');
});
after(async () => {
  for (const client of clients) client.disconnect();
  server.kill('SIGKILL');
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

test('each user logs in with its own password and has its own permissions', async () => {
  for (const user of users) assert.equal(await as(user).ping(), 'PONG');
  await assert.rejects(as('ingest').set('hotqueue:plot', '1'), /NOPERM/);
  await assert.rejects(as('query').set('ds:list', '1'), /NOPERM/);
  await assert.rejects(as('query', passwordOf('jobs')).ping(), /WRONGPASS|NOAUTH/);
  await assert.rejects(as('worker', '').ping(), /WRONGPASS|NOAUTH/);
  const stranger = new Redis(port, '127.0.0.1', { protocol: 2, enableReadyCheck: false, retryStrategy: null });
  clients.push(stranger.on('error', () => {}));
  await assert.rejects(stranger.ping(), /NOAUTH/);
});

test('memory is limited and nothing is evicted', async () => {
  assert.deepEqual(await as('admin').config('GET', 'maxmemory'), ['maxmemory', String(64 * 2 ** 20)]);
  assert.deepEqual(await as('admin').config('GET', 'maxmemory-policy'), ['maxmemory-policy', 'noeviction']);
  assert.deepEqual(await as('admin').config('GET', 'appendonly'), ['appendonly', 'yes']);
});

test('neither the command line nor the environment of the server contains a password', { skip: process.platform !== 'linux' }, () => {
  const of = (file: string) => readFileSync(`/proc/${server.pid}/${file}`, 'utf8');
  assert.match(of('cmdline'), /redis-server/);
  assert.doesNotMatch(of('cmdline'), /hidden-password/);
  // A process's first environment stays readable to its own user; that of the script before exec is gone.
  assert.doesNotMatch(of('environ'), /hidden-password/);
});
