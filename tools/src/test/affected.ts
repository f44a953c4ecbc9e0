import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { usageError } from '../system/failure.ts';
import type { Output } from '../system/output.ts';
import { root } from '../system/places.ts';
import { type Choice, runsFiles } from './suites.ts';

/** The projects that a change can break: the changed ones and those that depend on them. */
export interface Affected {
  /** the commit that the working tree is compared with */
  base: string;
  /** the projects' folders, relative to the checkout */
  folders: readonly string[];
}

/** Compares the working tree, uncommitted and untracked files included, with the commit where it left `main`. Undefined without such a commit. */
export function findAffected(checkout = root): Affected | undefined {
  const base = ['main', 'origin/main']
    .map((branch) => output(checkout, 'git', ['merge-base', branch, 'HEAD']))
    .find((sha) => sha !== undefined);
  if (base === undefined) return undefined;
  const nx = join(root, 'node_modules/.bin/nx');
  const names = output(checkout, nx, ['show', 'projects', '--affected', `--base=${base}`, '--json']);
  if (names === undefined) throw new Error('nx could not compute the affected projects; to see why, run: npx nx show projects --affected');
  return { base: base.slice(0, 7), folders: (JSON.parse(names) as string[]).map((name) => folderOf(name, checkout)).sort() };
}

/** npm links each workspace into node_modules under its name. */
const folderOf = (name: string, checkout: string): string =>
  relative(realpathSync(checkout), realpathSync(join(checkout, 'node_modules', name)));

/** What a program prints, or undefined if it is not there or fails. */
function output(cwd: string, program: string, args: readonly string[]): string | undefined {
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  const { status, stdout } = spawnSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : undefined;
}

/** The suites that check the whole checkout are quick and stay; of the test files, only those of affected projects run. */
export function narrowToAffected({ chosen, files }: Choice, affected: Affected | undefined, out: Output): Choice {
  if (files.length > 0) throw usageError(`--affected chooses the test files itself: remove ${files.join(' ')}`);
  if (affected === undefined) {
    out.line('--affected needs a git checkout with a branch main: there is none, so all projects are tested');
    return { chosen, files };
  }
  const { base, folders } = affected;
  out.line(`affected by the changes since ${base}: ${folders.length === 0 ? 'no project' : folders.join(', ')}`);
  return folders.length === 0
    ? { chosen: chosen.filter((suite) => !runsFiles(suite)), files }
    : { chosen, files: folders.map((folder) => `${folder}/`) };
}
