// Follows three recipes of docs/adding.md in a copy of the checkout, touching only the files that they name, and uses what came of it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { freePort } from '@almanac/testkit';
import { linkModules } from '../nx/testing-workspace.ts';
import { root } from '../system/places.ts';

const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'starts the services in a copy; set ALMANAC_TEST_ALL=1 to run it';
const page = readFileSync(join(root, 'docs/adding.md'), 'utf8');

interface Recipe {
  name: string;
  /** the new file's text */
  file: string;
  /** the lines of the registry that change: what is there, and what comes in its place */
  lines: readonly (readonly [before: string, after: string])[];
}

const recipes: Readonly<Record<string, Recipe>> = {
  'plot type': {
    name: 'profile',
    file: `import type { PlotType } from '../plot-type.ts';
import { type LineParams, line } from './line.ts';

export const profile: PlotType<LineParams> = {
  ...line,
  id: 'profile',
  aliases: ['section'],
  title: 'Profile plot',
  description: 'Columns along a distance.',
};
`,
    lines: [
      ['import { scatter }', "import { profile } from './types/profile.ts';\nimport { scatter }"],
      ['scatter, histogram, bar }', 'scatter, histogram, bar, profile }'],
    ],
  },
  'file format': {
    name: 'psv',
    file: `import { DelimitedScanner } from '../csv/delimited.ts';
import type { Format } from '../format.ts';
import { scan } from '../scan.ts';
import { decodeUtf8 } from '../utf8.ts';

export const psv: Format = {
  id: 'psv',
  title: 'PSV: values separated by vertical bars with a header line',
  mediaTypes: ['text/x-psv'],
  extensions: ['.psv'],
  looksLike: (start) => start.includes('|'),
  contradicts: ({ id }) => id !== 'psv',
  parse: (bytes, { notes }) => scan(decodeUtf8(bytes), new DelimitedScanner({ delimiter: '|', look: () => undefined }, notes)),
};
`,
    lines: [
      ['import { xml }', "import { psv } from './psv/psv.ts';\nimport { xml }"],
      ['[csv, tsv,', '[csv, tsv, psv,'],
    ],
  },
  command: {
    name: 'greet',
    file: `import type { Command } from '../command.ts';

export const greetCommand: Command = {
  name: 'greet',
  summary: 'Greets',
  run: async () => {
    console.log('Good morning');
    return 0;
  },
};
`,
    lines: [
      ['import { helpCommand }', "import { greetCommand } from './greet.ts';\nimport { helpCommand }"],
      ['  statusCommand,\n', '  statusCommand,\n  greetCommand,\n'],
    ],
  },
};

/** The files that the row of this kind of thing names, with the name filled in: the new file, then the registry. */
function filesOf(kind: string, name: string): string[] {
  const row = page.split('\n').find((line) => line.startsWith(`| a **${kind}**`)) ?? '';
  const [, , write = ''] = row.split('|');
  return [...write.matchAll(/`((?:libs|apps|tools)\/[^`]+\.ts)`/g)].map(([, path = '']) => path.replaceAll('<name>', name));
}

for (const [kind, { name }] of Object.entries(recipes)) {
  test(`the recipe for a ${kind} names two files, and the second is there`, () => {
    const files = filesOf(kind, name);
    assert.equal(files.length, 2, String(files));
    readFileSync(join(root, files[1] as string));
  });
}

const copy = mkdtempSync(join(tmpdir(), 'almanac-recipes-'));
after(() => rmSync(copy, { recursive: true, force: true }));

function copyCheckout(): void {
  // Without tests: those of completeness ask for examples of the new things.
  const isLeftOut = (name: string) => ['node_modules', '.git', '.almanac', '.nx'].includes(name) || name.endsWith('.test.ts');
  cpSync(root, copy, { recursive: true, filter: (path) => path === root || !isLeftOut(basename(path)) });
  linkModules(join(copy, 'node_modules'));
  // The packages count as installed from this lock file.
  cpSync(join(copy, 'package-lock.json'), join(copy, '.almanac/installed-lock.json'));
}

function follow(kind: string, { name, file, lines }: Recipe): void {
  const [created, registry] = filesOf(kind, name).map((path) => join(copy, path)) as [string, string];
  mkdirSync(dirname(created), { recursive: true });
  writeFileSync(created, file);
  const text = lines.reduce(
    (before, [old, replacement]) => {
      assert.ok(before.includes(old), `${registry} has no ${old}`);
      return before.replace(old, replacement);
    },
    readFileSync(registry, 'utf8'),
  );
  writeFileSync(registry, text);
}

const run = promisify(execFile);

test('a plot type, a format and a command that follow the recipes type-check and work', { skip, timeout: 290_000 }, async () => {
  copyCheckout();
  for (const [kind, recipe] of Object.entries(recipes)) follow(kind, recipe);
  // One program over all sources is checked in a fifth of the time of a program for each project.
  writeFileSync(join(copy, 'tsconfig.json'), '{ "extends": "./tsconfig.base.json", "include": ["apps/*/src", "libs/*/src", "tools/src"] }');
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: copy }).catch(({ stdout }) => assert.fail(stdout));

  const { ALMANAC_URL: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const almanac = async (...args: string[]) =>
    (await run(join(copy, 'almanac'), args, { cwd: copy, env: { ...env, ALMANAC_HOME: join(copy, '.almanac') } })).stdout;
  assert.match(await almanac('greet'), /Good morning/);
  assert.match(await almanac('help'), /greet +Greets/);

  const data = join(copy, 'depth.psv');
  writeFileSync(data, `km|metres\n${Array.from({ length: 50 }, (_, i) => `${i}|${i * i}`).join('\n')}\n`);
  await almanac('up', '--detach', '--no-samples', '--port', String(await freePort()));
  try {
    await almanac('plot', data, '--type', 'profile', '--x', 'km', '--y', 'metres', '-o', join(copy, 'depth.svg'));
  } finally {
    await almanac('down');
  }
  assert.match(readFileSync(join(copy, 'depth.svg'), 'utf8'), /^<svg[\s\S]*metres/);
});
