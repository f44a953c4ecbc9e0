import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@almanac/testkit';
import { findStoreServer } from '../store/find-store.ts';
import { hidePassword } from '../store/hide-password.ts';
import { parseAddress, ping } from '../store/ping.ts';
import { forget, type State, writeState } from '../supervisor/state.ts';
import type { Output } from '../system/output.ts';
import { identify } from '../system/processes.ts';
import { claimDataFolder } from '../up/data-folder.ts';
import { storeSpec } from '../up/plan.ts';
import { backUp } from './backup.ts';
import { repeat } from './every.ts';
import { backupsIn, findBackup } from './manifest.ts';
import { restore } from './restore.ts';
import { StoreLink } from './store-link.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-backup-'));
process.env.ALMANAC_HOME = join(folder, 'home');
const silent: Output = { line: () => {}, progress: () => {} };
const server = await findStoreServer(silent);

// The programs beside a server are not everywhere: here they are broken.
const stubs = join(folder, 'stubs');
mkdirSync(stubs);
for (const name of ['redis-cli', 'redis-check-rdb', 'valkey-cli', 'valkey-check-rdb']) {
  writeFileSync(join(stubs, name), '#!/bin/sh\nexit 99\n');
  chmodSync(join(stubs, name), 0o755);
}
process.env.ALMANAC_STORE_SERVER = server.path;
process.env.PATH = `${stubs}:${process.env.PATH}`;

const running = new Set<() => Promise<void>>();
after(async () => {
  for (const stop of running) await stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A store as `up` starts it. */
async function startStore(name: string, more: string[] = []) {
  const socket = join(folder, `${name}.sock`);
  const dataDir = join(folder, name);
  const spec = storeSpec(server, socket, dataDir);
  const child = spawn(spec.command, [...spec.args, ...more], { stdio: 'ignore' });
  const address = parseAddress(`unix:${socket}`);
  assert.ok(address !== undefined);
  while (!/^(PONG|NOAUTH)/.test(await ping(address))) await sleep(10);
  const stop = async () => {
    running.delete(stop);
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  running.add(stop);
  return { url: `unix:${socket}`, dataDir, stop, link: await StoreLink.open(address) };
}

/** Lua turns every reply into a string, the only type that StoreLink reads. */
const evaluate = (link: StoreLink, script: string) => link.text('EVAL', script, '0');
const fill = (link: StoreLink, count: number) =>
  evaluate(
    link,
    `for db=0,2 do redis.call('SELECT', db) for i=1,${count} do redis.call('SET', 'k:'..i, string.rep(tostring(i * (db + 1)), 50)) end end
     redis.call('RPUSH', 'list', 'a', 'b') redis.call('SET', 'binary', '\\0\\r\\n\\255') redis.call('SET', 'short', '1', 'PX', 3600000) return 'ok'`,
  );
const digest = (link: StoreLink) =>
  evaluate(
    link,
    `local sum = '' for db=0,2 do redis.call('SELECT', db) local keys = redis.call('KEYS', '*') table.sort(keys)
     for _, key in ipairs(keys) do sum = redis.sha1hex(sum .. db .. key .. redis.call('DUMP', key)) end end return sum`,
  );

test('a backup of a running store is restored in a new folder, and survives further writes and a restart', async () => {
  const source = await startStore('source');
  await fill(source.link, 500);
  const before = await digest(source.link);
  const to = join(folder, 'backups');
  const backup = await backUp({ redisUrl: source.url, folder: to, keep: 5 }, silent);
  assert.deepEqual([backup.keys, backup.databases], [1503, { 0: 500, 1: 500, 2: 503 }]);
  assert.deepEqual(
    readdirSync(to).sort(),
    ['.json', '.rdb', '.rdb.sha256'].map((end) => basename(backup.path, '.rdb') + end),
  );
  assert.equal(createHash('sha256').update(readFileSync(backup.path)).digest('hex'), backup.sha256);
  assert.equal(readFileSync(backup.path).length, backup.bytes);
  await evaluate(source.link, `redis.call('SET', 'later', '1') return 'ok'`);
  await source.stop();

  const dataDir = join(folder, 'target');
  assert.deepEqual(await restore({ file: backup.path, dataDir, mayStop: false }, silent), {});
  const first = await startStore('target');
  assert.equal(await digest(first.link), before);
  await evaluate(first.link, `redis.call('SET', 'new', 'kept') return 'ok'`);
  await first.stop();
  const second = await startStore('target');
  assert.equal(await evaluate(second.link, `return redis.call('GET', 'new')`), 'kept');
  await second.stop();

  // Into the folder it came from: what was there stays beside it.
  assert.deepEqual(await restore({ file: backup.path, dataDir: source.dataDir, mayStop: false }, silent), {});
  const again = await startStore('source');
  assert.equal(await digest(again.link), before);
  await again.stop();
  const aside = readdirSync(source.dataDir).filter((name) => name.startsWith('before-restore-'));
  assert.equal(aside.length, 1);
  assert.ok(readdirSync(join(source.dataDir, aside[0] as string)).length > 0);
});

test('old backups are deleted, a password is used, and an unreachable store is named', async () => {
  const port = await freePort();
  const store = await startStore('guarded', ['--port', String(port), '--bind', '127.0.0.1', '--requirepass', 'secret']);
  const to = join(folder, 'few');
  const settings = { redisUrl: `redis://:secret@127.0.0.1:${port}`, folder: to, keep: 2 };
  const files = [];
  for (let i = 0; i < 3; i++) files.push((await backUp(settings, silent)).file);
  assert.deepEqual(backupsIn(to), files.slice(1).reverse());
  assert.equal(readdirSync(to).length, 6);
  await assert.rejects(
    backUp({ ...settings, redisUrl: `redis://:wrong@127.0.0.1:${port}` }, silent),
    /No backup was written to .*few: .*WRONGPASS[\s\S]*--redis-url redis:\/\/user:password/,
  );
  await assert.rejects(backUp({ ...settings, redisUrl: `redis://127.0.0.1:${port}` }, silent), /NOAUTH/);
  await store.stop();
  await assert.rejects(backUp(settings, silent), /No backup was written to .*ECONNREFUSED/);
  assert.deepEqual(backupsIn(to), files.slice(1).reverse());
  await assert.rejects(backUp({ ...settings, redisUrl: undefined }, silent), /Nothing runs in this checkout: start Almanac/);
  await assert.rejects(backUp({ ...settings, redisUrl: 'rediss://:secret@x' }, silent), /^Failure: rediss:\/\/:\.\.\.@x: .*TLS/);
  await assert.rejects(backUp({ ...settings, redisUrl: 'http://:secret@x' }, silent), /--redis-url http:\/\/:\.\.\.@x: must be redis/);
});

const skip = process.platform === 'linux' ? false : 'only Linux shows the environment of another process';
test('for an external store, the password of the services is used', { skip }, async () => {
  const port = await freePort();
  const store = await startStore('elsewhere', ['--port', String(port), '--bind', '127.0.0.1', '--requirepass', 'sec:r@t']);
  const url = `redis://:sec%3Ar%40t@127.0.0.1:${port}`;
  const service = spawn('sleep', ['60'], { env: { ...process.env, REDIS_URL: url } });
  const since = new Date().toISOString();
  const state: State = {
    schema: 1,
    phase: 'ready',
    supervisor: identify(process.pid),
    since,
    url: 'http://127.0.0.1:1',
    store: { url: hidePassword(url), server: 'not started here' },
    services: [{ name: 'query', process: identify(service.pid as number), since, restarts: 0 }],
  };
  writeState(state);
  try {
    const { path } = await backUp({ redisUrl: undefined, folder: join(folder, 'from-elsewhere'), keep: 1 }, silent);
    assert.ok(readFileSync(path).length > 0);
  } finally {
    service.kill('SIGKILL');
    forget(state);
    await store.stop();
  }
});

test('no part of a password is printed', () => {
  assert.equal(hidePassword('redis://me:a:b/c@d@host:6379/1'), 'redis://me:...@host:6379/1');
  for (const url of ['redis://host:6379', 'redis://me@host', 'unix:/a:b/x@y']) assert.equal(hidePassword(url), url);
  for (const url of [
    'redis://u/x:s3cret@h',
    'redis://u?x:s3cret@h',
    's3cret@h',
    'u:s3cret@h',
    'redis://:s3cret',
    'redis://u:s3cret',
    's3cret',
  ])
    assert.doesNotMatch(hidePassword(url), /s3cret/, url);
});

test('a truncated, modified or incompatible backup is rejected, and the data is unchanged', async () => {
  const source = await startStore('good');
  await fill(source.link, 50);
  const { path } = await backUp({ redisUrl: source.url, folder: join(folder, 'bad'), keep: 9 }, silent);
  await source.stop();
  const kept = readdirSync(source.dataDir);
  const sums = (file: string) => writeFileSync(`${file}.sha256`, `${createHash('sha256').update(readFileSync(file)).digest('hex')}  x\n`);
  const tryIt = (file: string) => restore({ file, dataDir: source.dataDir, mayStop: false }, silent);
  const copy = (name: string, ends = ['.rdb', '.rdb.sha256', '.json']) => {
    for (const end of ends) copyFileSync(path.replace(/\.rdb$/, end), join(folder, 'bad', name + end));
    return join(folder, 'bad', `${name}.rdb`);
  };

  const cut = copy('cut');
  truncateSync(cut, 300);
  await assert.rejects(tryIt(cut), /cut\.rdb has 300 bytes, but its manifest says \d+: it is truncated or modified; use another backup/);
  const flipped = copy('flipped');
  const bytes = readFileSync(flipped);
  bytes[200] = (bytes[200] as number) ^ 1;
  writeFileSync(flipped, bytes);
  await assert.rejects(
    tryIt(flipped),
    /flipped\.rdb has the SHA-256 [0-9a-f]{64}, but its \.sha256 file says [0-9a-f]{64}: it is modified/,
  );
  const alone = copy('alone', ['.rdb']);
  await assert.rejects(tryIt(alone), /alone\.rdb\.sha256 is missing\. If you trust the file: {2}sha256sum/);
  const strange = join(folder, 'bad', 'strange.rdb');
  writeFileSync(strange, 'id,name\n1,x\n');
  sums(strange);
  await assert.rejects(tryIt(strange), /strange\.rdb is not an RDB file: it starts with "id,name/);

  // With a checksum of its own: only the server's checker sees these.
  const newer = copy('newer', ['.rdb']);
  const head = readFileSync(newer);
  head.write('REDIS9999', 'latin1');
  writeFileSync(newer, head);
  sums(newer);
  const { failure } = await tryIt(newer);
  assert.match(
    failure?.message ?? '',
    /The backup is of a newer version than (Redis|Valkey) [\d.]+ \(.*\) can read\. Use a newer server: ALMANAC_STORE_SERVER=.*Nothing was changed/,
  );
  const inner = copy('inner', ['.rdb']);
  appendFileSync(inner, Buffer.alloc(1));
  writeFileSync(inner, bytes);
  sums(inner);
  assert.match(
    (await tryIt(inner)).failure?.message ?? '',
    /inner\.rdb is not a valid RDB file for this server:[\s\S]*Nothing was changed/,
  );
  assert.deepEqual(readdirSync(source.dataDir), kept);
});

test('the data of a running store is not changed, and an unknown name is reported with the nearest', async () => {
  const backups = join(folder, 'bad');
  const [file = ''] = backupsIn(backups).filter((name) => name.startsWith('almanac-'));
  const dataDir = join(folder, 'claimed');
  const release = claimDataFolder(dataDir);
  await assert.rejects(restore({ file: join(backups, file), dataDir, mayStop: true }, silent), /claimed is in use by process \d+/);
  release();
  assert.equal(findBackup(file, backups), join(backups, file));
  assert.equal(findBackup(basename(file, '.rdb'), backups), join(backups, file));
  assert.throws(() => findBackup(file.replace('rdb', 'rbd'), backups), new RegExp(`did you mean ${file}[\\s\\S]*newest first:\\n`));
  assert.throws(() => findBackup('x', join(folder, 'none')), /No backups in .*: \.\/almanac backup writes one/);
});

test('repeated work runs until it is stopped', async () => {
  let count = 0;
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  await repeat(1, stopped, async () => {
    if (++count === 3) stop();
  });
  assert.equal(count, 3);
});
