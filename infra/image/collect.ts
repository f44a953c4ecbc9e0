// What of the checkout one service's image holds: node infra/image/collect.ts APP FOLDER [CHECKOUT]
//   FOLDER/packages  all that `npm ci` reads: the image's packages are installed again only when something here changes
//   FOLDER/sources   the app and its libraries without their tests, and how the app is started
import { chmodSync, cpSync, lstatSync, lutimesSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readManifest, roomsOf } from './rooms.ts';

const [app, folder, checkout = join(import.meta.dirname, '../..')] = process.argv.slice(2);
if (app === undefined || folder === undefined) throw new Error('usage: node infra/image/collect.ts APP FOLDER [CHECKOUT]');
const rooms = roomsOf(app, checkout);
const packages = join(folder, 'packages');
const sources = join(folder, 'sources');

/** Without what only development needs: it is not in the image, and `npm sbom` would miss it. */
function writeManifest(room: string): void {
  const { devDependencies: _, ...kept } = readManifest(join(checkout, room));
  mkdirSync(join(packages, room), { recursive: true });
  writeFileSync(join(packages, room, 'package.json'), `${JSON.stringify(kept, undefined, 2)}\n`);
}

/** Tests, what they share and what they compare with. */
const isForTests = (path: string): boolean =>
  /\.test\.ts$|^testing[-\w]*\.ts$/.test(basename(path)) || ['testing', 'fixtures', 'golden'].includes(basename(path));

function copySources(room: string): void {
  cpSync(join(checkout, room, 'src'), join(sources, room, 'src'), { recursive: true, filter: (path) => !isForTests(path) });
}

/** `start` is the package's own start script, so that an image runs a service with the flags everything else does. */
function writeStart(): void {
  const script = readManifest(join(checkout, 'apps', app as string)).scripts?.start;
  if (script === undefined) throw new Error(`apps/${app}/package.json has no script 'start'`);
  writeFileSync(join(sources, 'start'), `#!/bin/sh\ncd "$(dirname "$0")/apps/${app}" && exec ${script}\n`);
  chmodSync(join(sources, 'start'), 0o755);
}

/** The same content makes the same layer: neither the hour of a checkout nor the umask it was made under is part of it. */
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
