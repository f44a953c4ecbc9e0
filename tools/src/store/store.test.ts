import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Redis } from 'ioredis';
import { Failure } from '../system/failure.ts';
import { readOptions } from '../system/options.ts';
import type { Output } from '../system/output.ts';
import { storeSpec } from '../up/plan.ts';
import { upOptions, upSettings } from '../up/up-options.ts';
import { findStoreServer } from './find-store.ts';
import { parseAddress, ping } from './ping.ts';
import { defaultStoreBytes, storeBytes } from './store-memory.ts';
import { examine, onPath } from './store-server.ts';
import { unpackedWheel } from './wheel.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const silent: Output = { line: () => {}, progress: () => {} };

function fakeServer(name: string, version: string): string {
  mkdirSync(join(folder, name), { recursive: true });
  const path = join(folder, name, 'redis-server');
  writeFileSync(path, `#!/bin/sh\necho '${version}'\n`);
  chmodSync(path, 0o755);
  return path;
}

test('a server that is too old for the queue is ignored', () => {
  const old = fakeServer('old', 'Redis server v=6.0.16 sha=0');
  const right = fakeServer('right', 'Redis server v=6.2.0 sha=0');
  const valkey = fakeServer('valkey', 'Valkey server v=9.1.2 sha=0');
  assert.equal(examine(old), undefined);
  assert.deepEqual(examine(right), { path: right, version: 'Redis 6.2.0' });
  assert.equal(examine(valkey)?.version, 'Valkey 9.1.2');
  assert.equal(examine(fakeServer('odd', 'hello')), undefined);
  assert.equal(onPath(join(folder, 'old')), undefined);
  assert.equal(onPath(`${join(folder, 'nowhere')}:${join(folder, 'right')}`)?.path, right);
  assert.equal(unpackedWheel(join(folder, 'nowhere')), undefined);
});

test('one way can be forced, and a failure names the command to run', async () => {
  const path = fakeServer('named', 'Redis server v=7.2.0 sha=0');
  assert.equal((await findStoreServer(silent, { ALMANAC_STORE_SERVER: path })).path, path);
  await assert.rejects(findStoreServer(silent, { ALMANAC_STORE_SERVER: '/bin/false' }), Failure);
  await assert.rejects(findStoreServer(silent, { ALMANAC_STORE: 'wheeel' }), /did you mean wheel\?/);
  const before = process.env.PATH;
  process.env.PATH = folder;
  try {
    await assert.rejects(findStoreServer(silent, { ALMANAC_STORE: 'system' }), /--redis-url redis:\/\/host:6379/);
  } finally {
    process.env.PATH = before;
  }
});

test('addresses of every kind are parsed', () => {
  assert.deepEqual(parseAddress('redis://me:p%40ss@host:1234/0'), {
    host: 'host',
    port: 1234,
    isTls: false,
    username: 'me',
    password: 'p@ss',
  });
  assert.equal(parseAddress('rediss://host')?.isTls, true);
  assert.equal(parseAddress('redis://[::1]')?.host, '::1');
  assert.equal(parseAddress('unix:/run/x.sock')?.path, '/run/x.sock');
  assert.equal(parseAddress('http://host'), undefined);
  assert.equal(parseAddress('host:6379'), undefined);
});

test('the store listens only on its socket, requires its password, and leaves no socket behind', async () => {
  const server = await findStoreServer(silent);
  const socket = join(folder, 's.sock');
  const spec = storeSpec(server, socket, join(folder, 'data'), 64 * 2 ** 20);
  assert.equal(await spec.isReady(), false);
  const child = spawn(spec.command, [...spec.args, '--requirepass', 'secret'], { stdio: 'ignore' });
  const address = parseAddress(`unix:${socket}`);
  assert.ok(address !== undefined);
  for (let response = ''; !response.startsWith('NOAUTH'); ) response = await ping(address);
  assert.equal(await ping({ ...address, password: 'secret' }), 'PONG');
  assert.match(await ping({ ...address, password: 'wrong' }), /^WRONGPASS|^ERR invalid/);
  const redis = new Redis(socket, { password: 'secret', protocol: 2 });
  assert.deepEqual(await redis.config('GET', 'maxmemory'), ['maxmemory', String(64 * 2 ** 20)]);
  assert.deepEqual(await redis.config('GET', 'maxmemory-policy'), ['maxmemory-policy', 'noeviction']);
  redis.disconnect();
  child.kill('SIGTERM');
  await once(child, 'exit');
  assert.equal(await ping(address), 'ENOENT');
});

test('the memory of the store: half of the machine by default, else by option or variable; an invalid size is rejected', () => {
  const settings = (args: string[], env: NodeJS.ProcessEnv = {}) => upSettings(readOptions(args, upOptions), env).storeBytes;
  assert.equal(settings([]), defaultStoreBytes());
  assert.ok(defaultStoreBytes() > 2 ** 26 && defaultStoreBytes() <= totalmem() / 2);
  assert.equal(settings([], { ALMANAC_STORE_MEMORY: '256mb' }), 2 ** 28);
  assert.equal(settings(['--store-memory', '2gb'], { ALMANAC_STORE_MEMORY: '256mb' }), 2 ** 31);
  assert.equal(storeBytes('67108864', 'x'), 2 ** 26);
  for (const wrong of ['0', '1mb', '2 gb', '2tb', '-1gb', '1.5gb', 'all', '', '99999999999999gb'])
    assert.throws(() => storeBytes(wrong, '--store-memory'), /--store-memory .*: must be a size of at least 16mb/, wrong);
});
