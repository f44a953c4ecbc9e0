// Copies the files of the checkout that the image of one service needs: node infra/image/collect.ts APP FOLDER [CHECKOUT]
//   FOLDER/packages  the files that `npm ci` reads: the packages of the image are installed again only if one of them changes
//   FOLDER/sources   the app and its libraries without their tests, and the start script
import { chmodSync, cpSync, lstatSync, lutimesSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readManifest, roomsOf } from './rooms.ts';

const [app, folder, checkout = join(import.meta.dirname, '../..')] = process.argv.slice(2);
if (app === undefined || folder === undefined) throw new Error('usage: node infra/image/collect.ts APP FOLDER [CHECKOUT]');
const rooms = roomsOf(app, checkout);
const packages = join(folder, 'packages');
const sources = join(folder, 'sources');

/** Writes package.json without the development dependencies: the image does not have them, and `npm sbom` would report them as missing. */
function writeManifest(room: string): void {
  const { devDependencies: _, ...kept } = readManifest(join(checkout, room));
  mkdirSync(join(packages, room), { recursive: true });
  writeFileSync(join(packages, room, 'package.json'), `${JSON.stringify(kept, undefined, 2)}\n`);
}

/** Returns true for tests, their helpers and their fixtures. */
const isForTests = (path: string): boolean =>
  /\.test\.ts$|^testing[-\w]*\.ts$/.test(basename(path)) || ['testing', 'fixtures', 'golden'].includes(basename(path));

function copySources(room: string): void {
  cpSync(join(checkout, room, 'src'), join(sources, room, 'src'), { recursive: true, filter: (path) => !isForTests(path) });
}

/** Writes `start`, the start script of the package, so that an image runs the service with the same flags as elsewhere. */
function writeStart(): void {
  const script = readManifest(join(checkout, 'apps', app as string)).scripts?.start;
  if (script === undefined) throw new Error(`apps/${app}/package.json has no script 'start'`);
  writeFileSync(join(sources, 'start'), `#!/bin/sh\ncd "$(dirname "$0")/apps/${app}" && exec ${script}\n`);
  chmodSync(join(sources, 'start'), 0o755);
}

/** Sets fixed times and modes, so that the same content gives the same layer, whatever the time and the umask of the checkout. */
function settle(base: string): void {
  for (const path of ['.', ...(readdirSync(base, { recursive: true }) as string[])].map((name) => join(base, name))) {
    const stats = lstatSync(path);
    chmodSync(path, stats.isDirectory() || (stats.mode & 0o100) !== 0 ? 0o755 : 0o644);
    lutimesSync(path, 0, 0);
  }
}

for (const room of ['.', ...rooms]) writeManifest(room);
for (const file of ['package-lock.json', '.npmrc']) cpSync(join(checkout, file), join(packages, file));
for (const room of rooms) copySources(room);
cpSync(join(import.meta.dirname, 'healthcheck.ts'), join(sources, 'healthcheck.ts'));
for (const file of ['LICENSE', 'NOTICE']) cpSync(join(checkout, file), join(sources, file));
writeStart();
for (const base of [packages, sources]) settle(base);
