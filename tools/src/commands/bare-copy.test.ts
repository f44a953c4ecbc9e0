// What a fresh clone does before its packages are installed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../system/places.ts';
import { findProgram } from '../system/run.ts';
import { details } from './help.ts';
import { commands } from './registry.ts';

const copy = mkdtempSync(join(tmpdir(), 'almanac-bare-'));
after(() => rmSync(copy, { recursive: true, force: true }));
const leftOut = new Set(['node_modules', '.git', '.almanac', '.nx']);
cpSync(root, join(copy, 'checkout'), { recursive: true, filter: (path) => !leftOut.has(basename(path)) });

/** A PATH with Node and what `almanac` calls, but without npm. */
const bin = join(copy, 'bin');
mkdirSync(bin);
for (const name of ['bash', 'env', 'dirname', 'readlink', 'cmp', 'grep', 'uname'])
  symlinkSync(findProgram(name) as string, join(bin, name));
symlinkSync(process.execPath, join(bin, 'node'));

function almanac(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: bin, HOME: copy };
  return new Promise((resolve) => {
    execFile(join(copy, 'checkout/almanac'), args, { env, cwd: copy }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout: stdout.trimEnd(), stderr: stderr.trimEnd() });
    });
  });
}

for (const command of commands) {
  test(`'${command.name} --help' works without packages`, async () => {
    assert.deepEqual(await almanac(command.name, '--help'), { code: 0, stdout: details(command), stderr: '' });
  });
}

for (const { name } of commands.filter(({ needsPackages }) => needsPackages === true)) {
  test(`'${name}' without packages and without npm names what to install`, async () => {
    const { code, stdout, stderr } = await almanac(name, 'status');
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^almanac: npm is needed to install the packages of this checkout: sudo apt-get install npm$/);
  });
}

test('a command that needs no packages does not ask for them', async () => {
  assert.deepEqual(await almanac('status'), { code: 1, stdout: 'Nothing runs in this checkout. Start it with:  ./almanac up', stderr: '' });
});
