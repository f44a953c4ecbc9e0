import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  scripts?: Record<string, string>;
}

export const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** The app's folder and those of the libraries it needs, directly or through others, as the packages themselves declare it. */
export function roomsOf(app: string, checkout: string): string[] {
  const folders = globSync('{apps,libs}/*/package.json', { cwd: checkout }).map(dirname);
  const byName = new Map(folders.map((folder) => [readManifest(join(checkout, folder)).name, folder]));
  const own = join('apps', app);
  if (!folders.includes(own)) throw new Error(`there is no app '${app}': APP is one of ${appsOf(folders).join(', ')}`);
  const rooms = new Set([own]);
  // A set hands out what is added while it is walked.
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
