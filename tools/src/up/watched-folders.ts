import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../system/places.ts';

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
}

/** Returns the source folders of an app and of all libraries it depends on, by package.json. */
export function watchedFolders(app: string): string[] {
  const libs = new Map(globSync('libs/*/package.json', { cwd: root }).map((file) => [read(file).name, dirname(file)]));
  const folders = new Set<string>();
  const visit = (folder: string) => {
    if (folders.has(folder)) return;
    folders.add(folder);
    const { dependencies = {} } = read(join(folder, 'package.json'));
    for (const name of Object.keys(dependencies)) if (libs.has(name)) visit(libs.get(name) as string);
  };
  visit(join('apps', app));
  return [...folders].map((folder) => join(root, folder, 'src'));
}

const read = (file: string): Manifest => {
  const path = join(root, file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : { name: '' };
};
