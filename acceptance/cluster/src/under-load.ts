import { setTimeout as sleep } from 'node:timers/promises';
import { settle } from './job-watch.ts';
import { type Findings, loadFigures } from './judge.ts';
import { LoadProcess } from './load/load-process.ts';
import { baseCsv, constantLoad, type LoadPlan } from './load/plan.ts';
import type { LoadReport } from './load/report.ts';
import type { Testbed } from './testbed.ts';

const BASE = 'load-base';
const RECORDS = 500;
/** Load before and after the action: rules of nodes and connections of clients change with a delay. */
const [LEAD_MS, TRAIL_MS] = [3_000, 6_000];

export interface UnderLoad<T> {
  result: T;
  report: LoadReport;
  findings: Findings;
}

/**
 * Runs an action under constant load, then follows every submitted job to its end and reads every written data set. `judge` decides which
 * requests may fail.
 */
export async function underLoad<T>(
  testbed: Testbed,
  name: string,
  judge: (report: LoadReport, result: T) => string[],
  action: () => Promise<T>,
): Promise<UnderLoad<T>> {
  const load = new LoadProcess(await planFor(testbed));
  let result: T;
  let report: LoadReport;
  try {
    await sleep(LEAD_MS);
    result = await action();
    await sleep(TRAIL_MS);
  } finally {
    report = await load.stop();
    testbed.loads[name] = report;
  }
  const settled = await settle(await testbed.client(), report);
  const figures = {
    ...loadFigures(report),
    jobsComplete: settled.complete,
    jobsTakenAgain: settled.takenAgain,
    jobsLost: report.jobs.length - settled.complete,
  };
  return { result, report, findings: { figures, wrong: [...judge(report, result), ...settled.wrong] } };
}

async function planFor(testbed: Testbed): Promise<LoadPlan> {
  const client = await testbed.client();
  await client.json('PUT', `/v1/datasets/${BASE}?key=key`, baseCsv(RECORDS), { 'content-type': 'text/csv' });
  return { url: client.base, dataset: BASE, records: RECORDS, groups: constantLoad, timeoutMs: 20_000 };
}

/** One line for the screen. */
export const describeLoad = (name: string, { figures, wrong }: Findings): string =>
  `  ${name}: ${figures.requests} requests, ${figures.failedRequests} failed; ${figures.jobsSubmitted} jobs, ${figures.jobsLost} lost, ${figures.jobsTakenAgain} retried; p99 ${figures.p99Ms} ms, longest ${figures.longestMs} ms${wrong.map((text) => `\n      ${text}`).join('')}`;
