import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Returns the git ref of the last release: its tag, or ALMANAC_SKEW_REF; undefined if there is none. */
export function lastRelease(): string | undefined {
  if (process.env.ALMANAC_SKEW_REF) return process.env.ALMANAC_SKEW_REF;
  const { status, stdout } = git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*');
  return status === 0 ? stdout.trim() : undefined;
}

/** Checks out a release into a folder, with packages, ready to run. */
export function checkOut(ref: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-release-'));
  must(spawnSync('sh', ['-c', `git archive "$1" | tar -x -C "$2"`, 'sh', ref, folder], { cwd: root, encoding: 'utf8' }));
  if (sameFile(join(folder, 'package-lock.json'), join(root, 'package-lock.json'))) linkPackages(folder);
  else must(spawnSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, encoding: 'utf8' }));
  return folder;
}

/** Links the packages of this checkout; the libraries are those of the release. */
function linkPackages(folder: string): void {
  const ours = join(root, 'node_modules');
  const theirs = join(folder, 'node_modules');
  mkdirSync(theirs);
  for (const name of readdirSync(ours)) {
    if (name === '@almanac') cpSync(join(ours, name), join(theirs, name), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(join(ours, name), join(theirs, name));
  }
  for (const parent of ['apps', 'libs']) {
    for (const name of readdirSync(join(root, parent))) {
      const own = join(root, parent, name, 'node_modules');
      if (existsSync(own) && existsSync(join(folder, parent, name))) symlinkSync(own, join(folder, parent, name, 'node_modules'));
    }
  }
}

const sameFile = (one: string, other: string): boolean => readFileSync(one).equals(readFileSync(other));

const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });

function must({ status, stderr, error }: { status: number | null; stderr: string; error?: Error }): void {
  if (status !== 0) throw new Error(`the last release could not be brought: ${error?.message ?? stderr}`);
}
