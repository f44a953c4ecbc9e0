import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkBoundaries, forbiddenArrows, type Graph } from './check-boundaries.ts';
import { root } from './system/places.ts';

const graph = (floors: Record<string, number | undefined>, arrows: [string, string][]): Graph => ({
  nodes: Object.fromEntries(
    Object.entries(floors).map(([name, floor]) => [
      name,
      { data: { root: name, ...(floor === undefined ? {} : { tags: [`floor:${floor}`] }) } },
    ]),
  ),
  dependencies: { all: arrows.map(([source, target]) => ({ source, target })) },
});

test('an import must point to a strictly lower floor', () => {
  const floors = { app: 4, other: 4, store: 2, queue: 2, domain: 0 };
  assert.deepEqual(
    forbiddenArrows(
      graph(floors, [
        ['app', 'store'],
        ['store', 'domain'],
        ['app', 'npm:fastify'],
      ]),
    ),
    [],
  );
  assert.deepEqual(forbiddenArrows(graph(floors, [['app', 'other']])), ['app (floor 4) must not import other (floor 4)']);
  assert.deepEqual(forbiddenArrows(graph(floors, [['store', 'queue']])), ['store (floor 2) must not import queue (floor 2)']);
  assert.deepEqual(forbiddenArrows(graph(floors, [['domain', 'store']])), ['domain (floor 0) must not import store (floor 2)']);
  assert.deepEqual(forbiddenArrows(graph({ stray: undefined }, [])), ['stray has no floor tag']);
});

/** The installed packages, with the workspace's own as npm links them: relative, so that they lead to the copy. */
function linkModules(folder: string): void {
  mkdirSync(folder);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@almanac') symlinkSync(join(root, 'node_modules', name), join(folder, name));
  }
  cpSync(join(root, 'node_modules/@almanac'), join(folder, '@almanac'), { recursive: true, verbatimSymlinks: true });
}

test('planted violations in the sources are detected', () => {
  const copy = mkdtempSync(join(tmpdir(), 'almanac-boundaries-'));
  after(() => rmSync(copy, { recursive: true, force: true }));
  for (const file of ['package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json']) cpSync(join(root, file), join(copy, file));
  for (const project of ['libs/domain', 'libs/store', 'libs/formats', 'libs/testkit', 'apps/ingest', 'apps/query']) {
    mkdirSync(join(copy, project, 'src'), { recursive: true });
    for (const file of ['package.json', 'tsconfig.json']) cpSync(join(root, project, file), join(copy, project, file));
    writeFileSync(join(copy, project, 'src/index.ts'), 'export const here = 1;\n');
  }
  linkModules(join(copy, 'node_modules'));
  const plant = (file: string, text: string) => writeFileSync(join(copy, file), text);

  plant('libs/domain/src/wrong.ts', "import { here } from '@almanac/store';\nexport const there = here;\n");
  plant('libs/store/src/wrong.ts', "export { here } from '../../formats/src/index.ts';\n");
  plant('apps/query/src/wrong.ts', "export { here } from '../../ingest/src/index.ts';\n");
  const manifest = JSON.parse(readFileSync(join(copy, 'apps/ingest/package.json'), 'utf8')) as { dependencies: Record<string, string> };
  manifest.dependencies['@almanac/testkit'] = '*';
  plant('apps/ingest/package.json', JSON.stringify(manifest));

  assert.deepEqual(checkBoundaries(copy).sort(), [
    '@almanac/domain (floor 0) must not import @almanac/store (floor 2)',
    '@almanac/ingest lists @almanac/testkit in dependencies: it belongs in devDependencies',
    '@almanac/query (floor 4) must not import @almanac/ingest (floor 4)',
    '@almanac/store (floor 2) must not import @almanac/formats (floor 2)',
  ]);
});
