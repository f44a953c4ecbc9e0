import type { Job } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { readListStep } from '../follow/list-step.ts';

/** Records read in one step. Each holds what a client sent. */
const STEP = 20;

/** The ids of all jobs, oldest first. */
export async function allIds(jobs: Pick<JobQueue, 'ids'>): Promise<string[]> {
  const ids: string[] = [];
  for await (const some of jobs.ids()) ids.push(...some);
  return ids.reverse();
}

/** The jobs of these ids that are still there, read as they are taken: however many there are, a few are in memory. */
export async function* eachJob(jobs: Pick<JobQueue, 'getAll'>, ids: readonly string[]): AsyncGenerator<Job> {
  for (let at = 0; at < ids.length; at += STEP)
    for (const job of await readListStep(() => jobs.getAll(ids.slice(at, at + STEP)))) if (job !== undefined) yield job;
}
