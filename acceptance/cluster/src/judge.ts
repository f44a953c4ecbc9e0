import type { FailedRequest, LoadReport } from './load/report.ts';

/** The findings of a step: measurements, and what is wrong. */
export interface Findings {
  figures: Record<string, number | string>;
  wrong: string[];
}

/** The findings of a step that cannot run here: the reason, and no failure. */
export const notTried = (why: string): Findings => ({ figures: { notTried: why }, wrong: [] });

/** The measurements of a load. */
export const loadFigures = (report: LoadReport): Record<string, number> => ({
  requests: report.requests,
  failedRequests: report.failed,
  p99Ms: report.latencyMs.p99,
  longestMs: report.latencyMs.longest,
  longestGapMs: report.longestGapMs,
  jobsSubmitted: report.jobs.length,
  dataSetsWritten: report.sets.reduce((sum, { acknowledged }) => sum + acknowledged + 1, 0),
});

/** No request may fail, and the load must be complete: a generator that sends nothing proves nothing. */
export function judgeFaultless(report: LoadReport): string[] {
  return [...judgeWeight(report), ...(report.failed === 0 ? [] : [describeFailures(report.failed, report.failures)])];
}

/** While the store is unavailable, an error must be 503 with Retry-After. */
export function judgeHonest(report: LoadReport): string[] {
  const dishonest = report.failures.filter(({ status, retryAfter }) => status !== 503 || retryAfter === undefined);
  return [...judgeWeight(report), ...(dishonest.length === 0 ? [] : [describeFailures(dishonest.length, dishonest)])];
}

/** The negative control: a test that detects no failure although there must be some proves nothing. */
export const judgeControl = (report: Pick<LoadReport, 'failed'>): string[] =>
  report.failed > 0 ? [] : ['no request failed although nothing was drained: the test does not detect failures'];

export function judgeWeight({ requests, byKind, jobs }: LoadReport): string[] {
  const wrong: string[] = [];
  const kinds = Object.keys(byKind);
  for (const part of ['keep-alive GET', 'new GET', 'keep-alive POST', 'new POST', 'keep-alive PUT', 'new PUT'])
    if (!kinds.some((kind) => kind.startsWith(part))) wrong.push(`the load had no ${part}`);
  if (requests < 100) wrong.push(`the load had only ${requests} requests`);
  if (jobs.length === 0) wrong.push('the load submitted no job');
  return wrong;
}

/** `3 requests failed: keep-alive POST /v1/jobs ECONNRESET (2), ...` */
export function describeFailures(count: number, failures: readonly FailedRequest[]): string {
  const groups = Map.groupBy(
    failures,
    ({ connection, method, path, error }) => `${connection} ${method} ${kindOfPath(path)}: ${error.slice(0, 110)}`,
  );
  const most = [...groups].sort(([, a], [, b]) => b.length - a.length).slice(0, 6);
  return `${count} requests failed: ${most.map(([text, found]) => `${text} (${found.length})`).join('; ')}`;
}

const kindOfPath = (path: string): string =>
  path
    .split('?')[0]!
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'ID')
    .replace(/load-[0-9a-f]+-\d+/, 'load-*')
    .replace(/\/records\/\d+/, '/records/N');
