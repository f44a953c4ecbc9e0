import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@almanac/tools/client/client.ts';
import type { LoadReport, SubmittedJob, WrittenSet } from './load/report.ts';

interface Record {
  status: string;
  message: string | null;
  attempts: { outcome?: string }[];
}

/** The outcome of the accepted jobs and data sets. */
export interface Settled {
  complete: number;
  /** completed by a second worker, because the first was lost or stopped */
  takenAgain: number;
  wrong: string[];
}

/** Follows every job to its end. An accepted job that does not complete is lost. */
export async function settleJobs(client: Client, jobs: readonly SubmittedJob[], timeoutMs = 180_000): Promise<Settled> {
  const deadline = performance.now() + timeoutMs;
  const settled: Settled = { complete: 0, takenAgain: 0, wrong: [] };
  const waiting = [...jobs];
  const follow = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) note(settled, job, await endOf(client, job.id, deadline));
  };
  await Promise.all(Array.from({ length: 8 }, follow));
  for (const status of ['submitted', 'in progress']) {
    const left = await client.json<{ numberMatched: number }>('GET', `/v1/jobs?status=${encodeURIComponent(status)}&limit=1`);
    if (left.numberMatched > 0) settled.wrong.push(`${left.numberMatched} jobs are still '${status}'`);
  }
  return settled;
}

function note(settled: Settled, { id, at }: SubmittedJob, record: Record | string): void {
  if (typeof record === 'string') settled.wrong.push(`job ${id} (submitted ${at}) is lost: ${record}`);
  else if (record.status === 'complete') {
    settled.complete++;
    if (record.attempts.length > 1) settled.takenAgain++;
  } else settled.wrong.push(`job ${id} (submitted ${at}) is ${record.status}: ${record.message}`);
}

/** Returns the record of an ended job, or the error message in its place. */
async function endOf(client: Client, id: string, deadline: number): Promise<Record | string> {
  for (;;) {
    const record = await client.json<Record>('GET', `/v1/jobs/${id}`).catch((error: Error) => error.message);
    if (typeof record !== 'string' && !['submitted', 'in progress'].includes(record.status)) return record;
    if (performance.now() > deadline) return record;
    await sleep(typeof record === 'string' ? 1_000 : 200);
  }
}

/** Checks that each data set holds the last acknowledged number, or one that was sent later. Returns what is wrong. */
export async function checkSets(client: Client, sets: readonly WrittenSet[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { dataset, acknowledged, sent } of sets) {
    if (acknowledged < 0) continue;
    const record = await client.json<{ value: number }>('GET', `/v1/datasets/${dataset}/records/n`).catch((error: Error) => error.message);
    const value = typeof record === 'string' ? record : record.value;
    if (typeof value !== 'number' || value < acknowledged || value > sent)
      wrong.push(`data set ${dataset} holds ${value}; ${acknowledged} was acknowledged, ${sent} the last sent`);
    await client.send('DELETE', `/v1/datasets/${dataset}`, {}, (request) => request.end());
  }
  return wrong;
}

/** Checks the jobs and data sets of a finished load. */
export async function settle(client: Client, { jobs, sets }: LoadReport): Promise<Settled> {
  const settled = await settleJobs(client, jobs);
  return { ...settled, wrong: [...settled.wrong, ...(await checkSets(client, sets))] };
}
