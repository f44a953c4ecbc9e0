// Makes the package that others install: dist/ with plain JavaScript, types and the Lua scripts. In this repository the sources are
// imported as they are; under node_modules Node runs no TypeScript. Then: npm publish libs/queue/dist
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const room = join(import.meta.dirname, '../..');
const house = join(room, '../..');

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}

/** The manifest of the built package, from that of the workspace. */
export function published({ private: _, scripts: _scripts, nx: _nx, devDependencies: _dev, ...kept }: Manifest & Record<string, unknown>) {
  return {
    ...kept,
    sideEffects: false,
    exports: { '.': { types: './lib/index.d.ts', default: './lib/index.js' }, './package.json': './package.json' },
    files: ['lib'],
    // Its connections are the caller's, and types of two copies do not fit each other: any version of the same major may be shared.
    dependencies: Object.fromEntries(Object.entries(kept.dependencies).map(([name, version]) => [name, `^${version}`])),
  };
}

/** Builds into `folder`, anew. */
export function build(folder = join(room, 'dist')): string {
  rmSync(folder, { recursive: true, force: true });
  const lib = join(folder, 'lib');
  execFileSync(join(house, 'node_modules/.bin/tsc'), ['-p', join(room, 'tsconfig.build.json'), '--outDir', lib], { stdio: 'inherit' });
  // The compiler rewrites the names of files in what it emits, but not in the types.
  for (const name of globSync('**/*.d.ts', { cwd: lib })) {
    const file = join(lib, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(from '\.\/[\w./-]+)\.ts'/g, "$1.js'"));
  }
  cpSync(join(room, 'src/lua'), join(lib, 'lua'), { recursive: true });
  copyFileSync(join(room, 'README.md'), join(folder, 'README.md'));
  copyFileSync(join(house, 'LICENSE'), join(folder, 'LICENSE'));
  const manifest = JSON.parse(readFileSync(join(room, 'package.json'), 'utf8')) as Manifest & Record<string, unknown>;
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`);
  return folder;
}

if (import.meta.main) console.log(build());
