import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  scripts?: Record<string, string>;
}

export const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** Returns the folders of an app and of its direct and indirect libraries, from the dependencies in package.json. Throws if there is no such app. */
export function roomsOf(app: string, checkout: string): string[] {
  const folders = globSync('{apps,libs}/*/package.json', { cwd: checkout }).map(dirname);
  const byName = new Map(folders.map((folder) => [readManifest(join(checkout, folder)).name, folder]));
  const own = join('apps', app);
  if (!folders.includes(own)) throw new Error(`the app '${app}' does not exist: APP is one of ${appsOf(folders).join(', ')}`);
  const rooms = new Set([own]);
  // The iteration over a Set includes elements that are added during it.
  for (const room of rooms) {
    for (const name of Object.keys(readManifest(join(checkout, room)).dependencies ?? {})) {
      const folder = byName.get(name);
      if (folder !== undefined) rooms.add(folder);
    }
  }
  return [...rooms].sort();
}

const appsOf = (folders: readonly string[]): string[] =>
  folders
    .filter((folder) => folder.startsWith('apps/'))
    .map((folder) => folder.slice('apps/'.length))
    .sort();
