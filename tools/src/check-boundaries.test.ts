import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkBoundaries, forbiddenArrows, type Graph } from './check-boundaries.ts';
import { workspaceCopy } from './nx/testing-workspace.ts';

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

test('planted violations are seen in the sources themselves', () => {
  const { copy, remove } = workspaceCopy(['libs/domain', 'libs/store', 'libs/formats', 'libs/testkit', 'apps/ingest', 'apps/query']);
  after(remove);
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
