// The scripts that back up and restore, against a real store: what the cron job and the init container run.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startTestRedis, storeBinary, type TestRedis } from '@almanac/testkit';
import { findProgram } from '../system/run.ts';
import { chart } from './render.ts';

const cli = findProgram('redis-cli');
const skip = cli === undefined || findProgram('redis-check-rdb') === undefined ? 'there is no redis-cli with redis-check-rdb' : false;

let store: TestRedis;
const folder = mkdtempSync(join(tmpdir(), 'almanac-backup-'));
before(async () => {
  if (skip === false) store = await startTestRedis(['--appendonly', 'yes', '--repl-diskless-sync-delay', '0']);
});
after(async () => {
  await store?.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs one of the scripts. Returns its output, or throws it as an error. */
const script = (name: string, env: Record<string, string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const given = { PATH: process.env.PATH, REDIS_SERVER: storeBinary(), ...env };
    execFile('sh', [join(chart, 'files', name)], { env: given }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`${stdout}${stderr}`)),
    );
  });
const backup = (env: Record<string, string> = {}) => script('backup.sh', { REDIS_PORT: String(store.port), BACKUP_DIR: folder, ...env });
const restore = (env: Record<string, string>) => script('restore.sh', { DATA_DIR: store.folder, ...env });
const backups = () => readdirSync(folder).filter((name) => name.endsWith('.rdb'));

/** A key in each database, and how many there are. */
async function put(name: string): Promise<void> {
  for (const db of [0, 1, 2]) await store.connect(db).set(name, name);
}
const sizes = () => Promise.all([0, 1, 2].map((db) => store.connect(db).dbsize()));

test('a backup is a verified file with a checksum and a manifest', { skip }, async () => {
  await put('first');
  const said = JSON.parse(await backup());
  const [file = ''] = backups();
  assert.match(file, /^almanac-\d{8}T\d{6}Z\.rdb$/);
  assert.deepEqual(readdirSync(folder).sort(), [file.replace('.rdb', '.json'), file, `${file}.sha256`].sort());
  assert.deepEqual([said.file, said.keys, said.databases], [file, 3, { 0: 1, 1: 1, 2: 1 }]);
  assert.deepEqual(JSON.parse(readFileSync(join(folder, file.replace('.rdb', '.json')), 'utf8')), said);
  assert.equal(readFileSync(join(folder, `${file}.sha256`), 'utf8'), `${said.sha256}  ${file}\n`);
});

test('a backup is restored once: later data is set aside, and a restart keeps new data', { skip }, async () => {
  const file = join(folder, backups()[0] as string);
  await put('later');
  assert.deepEqual(await sizes(), [2, 2, 2]);
  await store.kill('SIGTERM');
  assert.match(await restore({ FILE: file }), /before-restore-.*is in place/s);
  await store.start();
  assert.deepEqual(await sizes(), [1, 1, 1]);
  await put('after');
  await store.kill('SIGTERM');
  assert.match(await restore({ FILE: file }), /was already restored/);
  await store.start();
  assert.deepEqual(await sizes(), [2, 2, 2]);
  assert.ok(readdirSync(store.folder).some((name) => name.startsWith('before-restore-')));
});

/** Restores a file and starts the store on it. What the script said. */
async function restart(env: Record<string, string>): Promise<string> {
  await store.kill('SIGTERM');
  const said = await restore(env);
  await store.start();
  return said;
}

test('another AGAIN restores the same file once more, and only once', { skip }, async () => {
  const file = join(folder, backups()[0] as string);
  assert.match(await restart({ FILE: file, AGAIN: 'yes' }), /is in place/);
  assert.deepEqual(await sizes(), [1, 1, 1]);
  assert.match(await restart({ FILE: file, AGAIN: 'yes' }), /nothing to do/);
  assert.match(await restart({ FILE: file }), /nothing to do/);
  assert.match(await restart({ FILE: file, AGAIN: 'and again' }), /is in place/);
});

test('a file can be restored after another one', { skip }, async () => {
  const first = join(folder, backups()[0] as string);
  await put('second');
  const second = join(folder, JSON.parse(await backup()).file);
  for (const [file, size] of [
    [second, 2],
    [first, 1],
  ] as const) {
    assert.match(await restart({ FILE: file }), /is in place/);
    assert.deepEqual(await sizes(), [size, size, size]);
  }
});

test('a file that is too large for the volume is rejected before anything is moved', { skip }, async () => {
  const file = join(folder, 'large');
  writeFileSync(`${file}.sha256`, '');
  writeFileSync(file, '');
  const { bavail, bsize } = statfsSync(store.folder);
  truncateSync(file, bavail * bsize + 1e9);
  await assert.rejects(restore({ FILE: file }), /KiB free, large needs \d+\. Make room/);
  assert.ok(existsSync(join(store.folder, 'appendonlydir')));
});

test('only the newest backups are kept', { skip }, async () => {
  const [first = ''] = backups();
  await backup({ KEEP: '2' });
  await backup({ KEEP: '2' });
  assert.equal(backups().length, 2);
  assert.ok(!readdirSync(folder).some((name) => name.startsWith(first.replace('.rdb', ''))));
});

test('an incomplete backup is never restored, and the data is unchanged', { skip }, async () => {
  const file = join(folder, backups()[0] as string);
  await store.kill('SIGTERM');
  await assert.rejects(restore({ FILE: join(folder, 'none.rdb') }), /none\.rdb does not exist.*The folder has: almanac-/s);
  appendFileSync(file, 'x');
  await assert.rejects(restore({ FILE: file }), /sha256/);
  assert.ok(existsSync(join(store.folder, 'appendonlydir')));
  await store.start();
  assert.deepEqual(await sizes(), [1, 1, 1]);
});

test('an unreachable store leaves no file, and invalid settings are reported', { skip }, async () => {
  const before = readdirSync(folder);
  await assert.rejects(backup({ REDIS_PORT: '1' }), /Could not connect/);
  await assert.rejects(backup({ KEEP: 'many' }), /KEEP is 'many'/);
  assert.deepEqual(readdirSync(folder), before);
});
