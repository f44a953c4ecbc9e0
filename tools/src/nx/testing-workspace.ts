import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../system/places.ts';

/** A copy of the workspace's settings with some projects, each reduced to its package.json and one source file. */
export function workspaceCopy(projects: readonly string[]): { copy: string; remove(): void } {
  const copy = mkdtempSync(join(tmpdir(), 'almanac-workspace-'));
  const shared = ['package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json', 'tools/src/nx/targets.ts'];
  for (const file of shared) cpSync(join(root, file), join(copy, file));
  for (const project of projects) {
    mkdirSync(join(copy, project, 'src'), { recursive: true });
    for (const file of ['package.json', 'tsconfig.json']) cpSync(join(root, project, file), join(copy, project, file));
    writeFileSync(join(copy, project, 'src/index.ts'), 'export const here = 1;\n');
  }
  linkModules(join(copy, 'node_modules'));
  return { copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

/** The installed packages. Those of the workspace are linked as npm does it: relative, so that they lead to the copy. */
export function linkModules(folder: string): void {
  mkdirSync(folder);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@almanac') symlinkSync(join(root, 'node_modules', name), join(folder, name));
  }
  cpSync(join(root, 'node_modules/@almanac'), join(folder, '@almanac'), { recursive: true, verbatimSymlinks: true });
}
