import { resolve } from 'node:path';
import { inspect } from 'node:util';
import type { Verdict } from './test/tally.ts';

/** What of node:test's events is read here. */
interface TestEvent {
  type: string;
  data: {
    name?: string;
    nesting?: number;
    file?: string;
    line?: number;
    skip?: boolean | string;
    todo?: boolean | string;
    message?: string;
    /** of 'test:interrupted': what ran when the run was ended from outside */
    tests?: readonly { name: string; file?: string }[];
    details?: { type?: string; duration_ms?: number; error?: { failureType?: string; cause?: unknown; message?: string } };
  };
}

/**
 * A reporter for node:test that writes one Verdict a line, as JSON. It counts leaves: a test that has tests inside, and a describe(),
 * count only when they fail for a reason of their own (a hook, code after the last inner test). A file that ran no test at all is a failure.
 */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncIterable<string> {
  const leaves = new Leaves();
  const said = new Map<string, string>();
  for await (const { type, data } of events) {
    const file = data.file === undefined ? undefined : resolve(data.file);
    if ((type === 'test:stderr' || type === 'test:stdout') && file !== undefined)
      said.set(file, `${said.get(file) ?? ''}${data.message ?? ''}`.slice(-4000));
    for (const { name, file: path } of data.tests ?? []) {
      const verdict = {
        outcome: 'failed',
        name,
        ...(path === undefined ? {} : { file: path }),
        detail: 'it had not ended when the run was',
      };
      yield `${JSON.stringify(verdict)}\n`;
    }
    // A verdict waits for the files before it: an empty line is a sign of life meanwhile.
    if (type === 'test:complete') yield '\n';
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isLeaf = leaves.ended(file ?? '', data.nesting ?? 0);
    const verdict = judge(type === 'test:pass', isLeaf, file, data, file === undefined ? '' : (said.get(file) ?? ''));
    if (verdict !== undefined) yield `${JSON.stringify(verdict)}\n`;
  }
}

function judge(hasPassed: boolean, isLeaf: boolean, file: string | undefined, data: TestEvent['data'], said: string): Verdict | undefined {
  const { name = '', details, line, skip, todo } = data;
  const isFile = file !== undefined && resolve(name) === file;
  const common = {
    name,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ms: Math.round(details?.duration_ms ?? 0),
  };
  if (hasPassed && isFile) return { outcome: 'failed', ...common, detail: 'the file ran no test' };
  if (!hasPassed && details?.error?.failureType === 'subtestsFailed') return undefined;
  // A todo is work that is announced, whether it passes or not: never counted as done.
  if (todo !== undefined && todo !== false)
    return isLeaf ? { outcome: 'skipped', ...common, detail: `to do${typeof todo === 'string' ? `: ${todo}` : ''}` } : undefined;
  if (!hasPassed) return { outcome: 'failed', ...common, detail: [describe(details?.error), ...(isFile ? [said] : [])].join('\n').trim() };
  if (details?.type === 'suite' || !isLeaf) return undefined;
  if (skip !== undefined && skip !== false)
    return { outcome: 'skipped', ...common, detail: typeof skip === 'string' ? skip : 'no reason given' };
  return { outcome: 'passed', ...common };
}

const describe = (error: { cause?: unknown; message?: string } | undefined): string => {
  const cause = error?.cause ?? error?.message ?? 'failed';
  return typeof cause === 'string' ? cause : inspect(cause, { depth: 4, colors: false });
};

/** Tells leaves from tests that hold others: results come children first, file by file. */
class Leaves {
  #open = new Map<string, Set<number>>();

  /** Notes that a test of this depth ended; true when none deeper ended since the last one of its depth. */
  ended(file: string, depth: number): boolean {
    const depths = this.#open.get(file) ?? new Set();
    const isLeaf = !depths.has(depth + 1);
    for (const deeper of [...depths].filter((d) => d > depth)) depths.delete(deeper);
    depths.add(depth);
    this.#open.set(file, depths);
    return isLeaf;
  }
}
