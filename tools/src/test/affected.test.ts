import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { workspaceCopy } from '../nx/testing-workspace.ts';
import { findAffected, narrowToAffected } from './affected.ts';
import { suites } from './suites.ts';

test('a change affects its own project and those that depend on it', () => {
  const { copy, remove } = workspaceCopy(['libs/domain', 'libs/analysis', 'libs/testkit', 'libs/store']);
  after(remove);
  assert.equal(findAffected(copy), undefined, 'without git there is nothing to compare with');

  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: copy });
  git('init', '--quiet', '--initial-branch=main');
  appendFileSync(join(copy, '.gitignore'), 'node_modules\n.nx\n');
  git('add', '.');
  git('commit', '--quiet', '--message=all');
  assert.deepEqual(findAffected(copy)?.folders, []);

  appendFileSync(join(copy, 'libs/analysis/src/index.ts'), 'export const changed = 1;\n');
  git('switch', '--quiet', '--create=topic');
  git('commit', '--quiet', '--all', '--message=analysis');
  writeFileSync(join(copy, 'libs/testkit/src/new.ts'), 'export {};\n');
  assert.deepEqual(
    findAffected(copy)?.folders,
    ['libs/analysis', 'libs/store', 'libs/testkit'],
    'committed on a branch, or not yet committed',
  );
});

test('--affected narrows the test files and keeps the checks of the whole checkout', () => {
  const lines: string[] = [];
  const voice = { line: (text = '') => void lines.push(text) } as Parameters<typeof narrowToAffected>[2];
  const everything = { chosen: suites, files: [] };
  const names = (folders: string[]) => narrowToAffected(everything, { base: 'abc1234', folders }, voice).chosen.map(({ name }) => name);

  const { chosen, files } = narrowToAffected(everything, { base: 'abc1234', folders: ['libs/store', 'tools'] }, voice);
  assert.deepEqual([chosen, files], [suites, ['libs/store/', 'tools/']]);
  assert.deepEqual(names([]), ['lint', 'types', 'boundaries']);
  assert.deepEqual(narrowToAffected(everything, undefined, voice), everything);
  assert.throws(() => narrowToAffected({ chosen: suites, files: ['query'] }, undefined, voice), /remove query/);
  assert.deepEqual(lines, [
    'affected by the changes since abc1234: libs/store, tools',
    'affected by the changes since abc1234: no project',
    '--affected needs a git checkout with a branch main: there is none, so all projects are tested',
  ]);
});
