import { dirname } from 'node:path';

/**
 * Gives each project the same four targets, so that no package.json repeats them. nx.json sets which of them are cached: not the tests,
 * which need a Redis server and free ports. They run through ./almanac, which provides both and ends with one line of counts.
 */
const targets = {
  lint: command('biome check --error-on-warnings .', '{projectRoot}'),
  typecheck: command('tsc -p .', '{projectRoot}'),
  test: command('./almanac test {projectRoot}/', '{workspaceRoot}'),
  'test:all': command('./almanac test {projectRoot}/ --all', '{workspaceRoot}'),
};

function command(text: string, cwd: string) {
  return { executor: 'nx:run-commands', options: { command: text, cwd } };
}

/** An nx plugin: nx loads it as nx.json asks, and calls this with the package.json of every project. */
export const createNodes = [
  '{*,acceptance/*,apps/*,libs/*}/package.json',
  (files: readonly string[]) => files.map((file) => [file, { projects: { [dirname(file)]: { targets } } }]),
];
