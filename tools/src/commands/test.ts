import type { Command } from '../command.ts';
import { findStoreServer } from '../store/find-store.ts';
import { usageError } from '../system/failure.ts';
import { actionlint, bringGoTool, helm } from '../system/go-tool.ts';
import { didYouMean } from '../system/nearest.ts';
import { type Output, StreamOutput, secondsSince } from '../system/output.ts';
import { places } from '../system/places.ts';
import { findAffected, narrowToAffected } from '../test/affected.ts';
import { bringChromium } from '../test/chromium.ts';
import { failureText } from '../test/node-tests.ts';
import { allFiles, type Choice, runsFiles, type Suite, suites, unitFiles, type Wanted } from '../test/suites.ts';
import { add, emptyTally, lastLine, skipLines, type Tally, tally, type Verdict } from '../test/tally.ts';

const names = suites.map(({ name }) => name);

export const testCommand: Command = {
  name: 'test',
  isForDevelopers: true,
  needsPackages: true,
  summary: 'Runs the tests; the last line counts passed and failed tests',
  usage: '[SUITE or part of a file name ...] [--all] [--affected]',
  words: Number.POSITIVE_INFINITY,
  options: {
    all: { help: 'also runs the long tests: chaos, fuzz, browser (files *.all.test.ts)' },
    affected: { help: 'runs only the test files of projects that the changes since main can break' },
  },
  more: `Suites, in order: ${suites.map(({ name, about }) => `${name} (${about})`).join(', ')}.\nExit code 1 if a test failed.`,
  run: async (args) => {
    const out = new StreamOutput();
    const all = args.has('all');
    const choice = choose(args.words, all);
    const { chosen, files } = args.has('affected') ? narrowToAffected(choice, findAffected(), out) : choice;
    const total = await runSuites(chosen, files, all, out);
    if (total.skipped.length > 0) out.line();
    for (const line of skipLines(total.skipped)) out.line(line);
    out.line(lastLine(total));
    return total.failed === 0 ? 0 : 1;
  },
};

/** Words that name suites choose suites; others choose files, and then only the suites that run files. */
export function choose(words: readonly string[], all: boolean): Choice {
  const files = words.filter((word) => !names.includes(word)).map((word) => word.replace(/^\.\//, ''));
  const wanted = words.filter((word) => names.includes(word));
  for (const part of files) {
    if (!allFiles(all).some((file) => file.includes(part))) {
      throw usageError(`'${part}' is neither a suite (${names.join(', ')}) nor part of a test file's name${didYouMean(part, names)}`);
    }
  }
  const chosen =
    words.length === 0 ? suites : suites.filter((suite) => wanted.includes(suite.name) || (files.length > 0 && runsFiles(suite)));
  return { chosen, files };
}

/** Programs that need building, and whose tests need them. */
const goTools = [
  [helm, 'src/chart/'],
  [actionlint, 'src/workflows/'],
] as const;

async function runSuites(chosen: readonly Suite[], files: readonly string[], all: boolean, out: Output): Promise<Tally> {
  const needsStore = chosen.some(runsFiles);
  if (needsStore && all) await bringChromium(out);
  for (const [tool, place] of goTools) {
    if (all && chosen.some(({ name }) => name === 'unit') && unitFiles(files).some((file) => file.includes(place)))
      await bringGoTool(tool, out);
  }
  const wanted: Wanted = {
    all,
    files,
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: places.cache(),
      ...(needsStore ? { ALMANAC_STORE_SERVER: (await findStoreServer(out)).path } : {}),
      ...(all ? { ALMANAC_TEST_ALL: '1' } : {}),
    },
    onVerdict: showFailures(out),
  };
  let total = emptyTally;
  for (const suite of chosen) total = add(total, await runSuite(suite, wanted, out));
  return total;
}

/** Prints each failure as it occurs. A failed hook fails many tests, so its reason is printed once. */
function showFailures(out: Output): (verdict: Verdict) => void {
  let last: string | undefined;
  return (verdict) => {
    if (verdict.outcome !== 'failed') return;
    out.line(failureText(verdict.detail === last ? { ...verdict, detail: 'as above' } : verdict));
    last = verdict.detail;
  };
}

async function runSuite(suite: Suite, wanted: Wanted, out: Output): Promise<Tally> {
  const start = performance.now();
  const verdicts = await suite.run(wanted);
  if (!runsFiles(suite)) verdicts.forEach(wanted.onVerdict);
  const counted = tally(verdicts);
  const skips = counted.skipped.length === 0 ? '' : `, ${counted.skipped.length} skipped`;
  if (verdicts.length > 0) out.line(`${suite.name.padEnd(10)}  ${secondsSince(start).padStart(7)}  ${lastLine(counted)}${skips}`);
  return counted;
}
