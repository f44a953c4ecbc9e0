/** One test or check that ended. */
export interface Verdict {
  outcome: 'passed' | 'failed' | 'skipped';
  name: string;
  file?: string;
  line?: number;
  /** why it was skipped, or how it failed */
  detail?: string;
  ms?: number;
}

export interface Tally {
  passed: number;
  failed: number;
  skipped: readonly Verdict[];
}

export const emptyTally: Tally = { passed: 0, failed: 0, skipped: [] };

export const add = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: [...a.skipped, ...b.skipped],
});

/** The verdicts of one suite, counted. */
export const tally = (verdicts: readonly Verdict[]): Tally => ({
  passed: verdicts.filter(({ outcome }) => outcome === 'passed').length,
  failed: verdicts.filter(({ outcome }) => outcome === 'failed').length,
  skipped: verdicts.filter(({ outcome }) => outcome === 'skipped'),
});

/** The skips by reason, one line each, with the first few names. */
export function skipLines(skipped: readonly Verdict[]): string[] {
  const byReason = Map.groupBy(skipped, ({ detail }) => detail ?? 'no reason given');
  return [...byReason].map(([reason, verdicts]) => {
    const names = verdicts.slice(0, 3).map(({ name }) => name);
    return `  ${verdicts.length} skipped: ${reason} (${names.join('; ')}${verdicts.length > 3 ? '; ...' : ''})`;
  });
}

/** The one last line. */
export const lastLine = ({ passed, failed }: Tally): string => `${passed} passed, ${failed} failed`;
