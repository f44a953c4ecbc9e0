import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './system/places.ts';

interface Project {
  data: { root: string; tags?: string[] };
}
interface Arrow {
  source: string;
  target: string;
}
export interface Graph {
  nodes: Record<string, Project>;
  dependencies: Record<string, Arrow[]>;
}

/** Returns a sentence for every violation of the boundaries in a workspace: each import must point to a lower floor. */
export function checkBoundaries(workspace = root): string[] {
  const graph = readGraph(workspace);
  return [...forbiddenArrows(graph), ...testkitOutsideTests(graph, workspace)];
}

/** Reads the project graph of nx: imports in the sources, and declared dependencies. */
function readGraph(workspace: string): Graph {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-graph-'));
  const file = join(folder, 'graph.json');
  try {
    const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/nx'), ['graph', `--file=${file}`], {
      cwd: workspace,
      encoding: 'utf8',
      env: { ...process.env, NX_DAEMON: 'false', NX_WORKSPACE_ROOT_PATH: workspace },
    });
    if (status !== 0) throw new Error(`nx graph failed: ${stderr || stdout}`);
    return (JSON.parse(readFileSync(file, 'utf8')) as { graph: Graph }).graph;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns imports that do not point to a strictly lower floor, and projects without a floor. */
export function forbiddenArrows({ nodes, dependencies }: Graph): string[] {
  const floors = new Map(Object.entries(nodes).map(([name, { data }]) => [name, floorOf(data.tags ?? [])]));
  const homeless = [...floors]
    .filter(([name, floor]) => floor === undefined && nodes[name]?.data.root !== '.')
    .map(([name]) => `${name} has no floor tag`);
  const upward = Object.values(dependencies)
    .flat()
    .map(({ source, target }) => ({ source, target, from: floors.get(source), to: floors.get(target) }))
    .filter(({ source, target, from, to }) => source !== target && from !== undefined && to !== undefined && to >= from)
    .map(({ source, target, from, to }) => `${source} (floor ${from}) must not import ${target} (floor ${to})`);
  return [...homeless, ...new Set(upward)];
}

function floorOf(tags: readonly string[]): number | undefined {
  const floor = tags.find((tag) => tag.startsWith('floor:'))?.slice('floor:'.length);
  return floor === undefined ? undefined : Number(floor);
}

/** Test helpers must not get into an image: testkit may only be a devDependency. */
function testkitOutsideTests({ nodes }: Graph, workspace: string): string[] {
  return Object.entries(nodes)
    .filter(([, { data }]) => '@almanac/testkit' in (manifest(join(workspace, data.root)).dependencies ?? {}))
    .map(([name]) => `${name} lists @almanac/testkit in dependencies: it belongs in devDependencies`);
}

const manifest = (folder: string): { dependencies?: Record<string, string> } =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };

if (import.meta.main) {
  const problems = checkBoundaries();
  for (const problem of problems) console.error(`forbidden: ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
