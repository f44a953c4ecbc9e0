import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkBoundaries } from '../check-boundaries.ts';
import { root } from '../system/places.ts';
import { run } from '../system/run.ts';
import { runTestFiles, testFiles } from './node-tests.ts';
import type { Verdict } from './tally.ts';

/** How a run of the tests was asked for. */
export interface Wanted {
  all: boolean;
  /** parts of file names; empty: every file */
  files: readonly string[];
  env: NodeJS.ProcessEnv;
  onVerdict(verdict: Verdict): void;
}

export interface Suite {
  name: string;
  about: string;
  run(wanted: Wanted): Promise<Verdict[]>;
}

/** What a run consists of. */
export interface Choice {
  chosen: readonly Suite[];
  /** parts of file names; empty: every file */
  files: readonly string[];
}

/** The other suites check the checkout as a whole. */
export const runsFiles = ({ name }: Suite): boolean => ['unit', 'acceptance'].includes(name);

const unitPatterns = [
  'libs/*/{src,proof}/**/*.test.ts',
  'apps/*/src/**/*.test.ts',
  'tools/src/**/*.test.ts',
  'bench/src/**/*.test.ts',
  'fuzz/src/**/*.test.ts',
  'acceptance/cluster/src/**/*.test.ts',
];
const acceptancePatterns = ['acceptance/src/**/*.test.ts'];
export const unitFiles = (only: readonly string[]): string[] => testFiles(unitPatterns, { all: true, only });
export const allFiles = (all: boolean): string[] => testFiles([...unitPatterns, ...acceptancePatterns], { all, only: [] });

/** The suites in the order they run: the quick ones that find most come first. */
export const suites: readonly Suite[] = [
  {
    name: 'lint',
    about: 'biome: format and lint; knip: dead exports, files and dependencies',
    run: async (wanted) => [
      ...(await check('lint', 'biome', ['check', '--error-on-warnings', '--colors=off', '.'], wanted)),
      ...(await check('dead code', 'knip', ['--no-config-hints', '--no-progress'], wanted)),
    ],
  },
  {
    name: 'types',
    about: 'tsc over every project, cached by nx',
    run: (wanted) =>
      check(
        'types',
        'nx',
        ['run-many', '-t', 'typecheck', `--parallel=${availableParallelism()}`, '--outputStyle=stream', '--no-dte'],
        wanted,
      ),
  },
  { name: 'boundaries', about: 'every import points to a lower floor', run: async () => boundaries() },
  { name: 'unit', about: 'node:test beside the code', run: (wanted) => files(unitPatterns, wanted) },
  { name: 'acceptance', about: 'the whole over HTTP', run: (wanted) => files(acceptancePatterns, wanted) },
];

async function check(name: string, program: string, args: readonly string[], { env }: Wanted): Promise<Verdict[]> {
  const path = join(root, 'node_modules/.bin', program);
  const { ok, output } = await run(path, args, { ...env, NX_DAEMON: 'false', NX_TUI: 'false', NO_COLOR: '1', FORCE_COLOR: '0' });
  return [ok ? { outcome: 'passed', name } : { outcome: 'failed', name, detail: essence(output) }];
}

/** What of a long report is wanted first: the compiler's own lines where there are any, else the end. */
export function essence(report: string): string {
  const lines = report.split('\n');
  const errors = lines.filter((line) => /error TS\d+/.test(line)).map((line) => line.replace(/^\s*(@\S+):\s+/, '$1  '));
  return [...(errors.length > 0 ? new Set(errors) : lines.slice(-60))].slice(0, 60).join('\n');
}

function boundaries(): Verdict[] {
  try {
    const problems = checkBoundaries();
    return [
      problems.length === 0
        ? { outcome: 'passed', name: 'boundaries' }
        : { outcome: 'failed', name: 'boundaries', detail: problems.join('\n') },
    ];
  } catch (error) {
    return [{ outcome: 'failed', name: 'boundaries', detail: (error as Error).message }];
  }
}

/** A suite out of which the wanted names pick no file has nothing to do; one that has no file at all is broken. */
async function files(patterns: readonly string[], { all, files: only, env, onVerdict }: Wanted): Promise<Verdict[]> {
  const found = testFiles(patterns, { all, only });
  if (found.length === 0 && only.length > 0) return [];
  return await runTestFiles(found, env, onVerdict);
}
