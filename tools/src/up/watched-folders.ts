import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../system/places.ts';

/** The source folders whose changes matter to an app: its own and those of the libs it reaches, through package.json. */
export function watchedFolders(app: string): string[] {
  const folders = new Set<string>();
  const visit = (folder: string) => {
    if (folders.has(folder)) return;
    folders.add(folder);
    for (const name of ownDependencies(join(root, folder, 'package.json'))) visit(join('libs', name));
  };
  visit(join('apps', app));
  return [...folders].map((folder) => join(root, folder, 'src'));
}

function ownDependencies(manifest: string): string[] {
  if (!existsSync(manifest)) return [];
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies?: Record<string, string> };
  return Object.keys(dependencies)
    .filter((name) => name.startsWith('@almanac/'))
    .map((name) => name.slice('@almanac/'.length));
}
