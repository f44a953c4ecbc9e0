import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../system/places.ts';
import type { Verdict } from './tally.ts';

/** The test files under these patterns; `*.all.test.ts` only when all are wanted; only those whose path holds one of `only`, if any. */
export function testFiles(patterns: readonly string[], { all, only }: { all: boolean; only: readonly string[] }, base = root): string[] {
  return patterns
    .flatMap((pattern) => globSync(pattern, { cwd: base, exclude: (name) => name === 'node_modules' }))
    .filter((file) => all || !file.endsWith('.all.test.ts'))
    .filter((file) => only.length === 0 || only.some((part) => file.includes(part)))
    .sort();
}

/**
 * Runs test files, each in a process of its own. A run that ends without a word, or with a bad exit code and no failure, is a failure; so
 * is one that says nothing for a minute longer than a test may take: node:test limits tests, but not what they do to clean up.
 */
export async function runTestFiles(
  files: readonly string[],
  env: NodeJS.ProcessEnv,
  onVerdict: (verdict: Verdict) => void = () => {},
  base = root,
  testMs = env.ALMANAC_TEST_ALL === '1' ? 300_000 : 90_000,
  silenceMs = testMs + 60_000,
): Promise<Verdict[]> {
  if (files.length === 0) return [{ outcome: 'failed', name: 'test files', detail: 'there is no test file' }];
  const reporter = join(import.meta.dirname, '../test-reporter.ts');
  const args = [
    '--test',
    `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout',
    // One running system (ALMANAC_URL) is one after the other's. Else one more than there are processors: much of a test is waiting.
    `--test-concurrency=${env.ALMANAC_URL ? 1 : availableParallelism() + 1}`,
    // A file that hangs must not hold up the rest for ever; the long ones (*.all.test.ts) may take their time.
    `--test-timeout=${testMs}`,
    ...files,
  ];
  const child = spawn(process.execPath, args, { cwd: base, env: withoutTestContext(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const verdicts: Verdict[] = [];
  const strange: string[] = [];
  const onSilence = () => {
    strange.push(`no output for ${silenceMs / 1000} s: the test run was stopped`);
    child.kill();
  };
  const silence = setTimeout(onSilence, silenceMs);
  createInterface({ input: child.stdout }).on('line', (line) => {
    silence.refresh();
    if (line === '') return;
    const verdict = parse(line);
    if (verdict === undefined) return void strange.push(line);
    verdicts.push(verdict);
    onVerdict(verdict);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => strange.push(text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(silence);
  const crash = crashOf(code, verdicts, strange);
  if (crash !== undefined) onVerdict(crash);
  return crash === undefined ? verdicts : [...verdicts, crash];
}

function crashOf(code: number | null, verdicts: readonly Verdict[], strange: readonly string[]): Verdict | undefined {
  if (verdicts.length === 0) return { outcome: 'failed', name: 'the test runner', detail: `no test ran\n${strange.join('\n')}`.trim() };
  if (code !== 0 && !verdicts.some(({ outcome }) => outcome === 'failed')) {
    return { outcome: 'failed', name: 'the test runner', detail: `ended with ${code ?? 'a signal'}\n${strange.join('\n')}`.trim() };
  }
  return undefined;
}

function parse(line: string): Verdict | undefined {
  try {
    return JSON.parse(line) as Verdict;
  } catch {
    return undefined;
  }
}

/** A test run started from inside a test would report to the outer one. */
function withoutTestContext({ NODE_TEST_CONTEXT: _, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env;
}

/** A failure for the screen. */
export const failureText = ({ name, file, line, detail = '' }: Verdict, base = root): string =>
  [
    `FAILED  ${file === undefined ? '' : `${relative(base, file)}${line === undefined ? '' : `:${line}`}  `}${name}`,
    ...detail.split('\n').map((l) => `    ${l}`),
  ].join('\n');
