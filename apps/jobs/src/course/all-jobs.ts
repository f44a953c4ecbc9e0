import type { Job } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';

/** Records read in one step. Each holds what a client sent. */
const STEP = 50;

/** The ids of all jobs, oldest first. */
export async function allIds(jobs: Pick<JobQueue, 'list'>): Promise<string[]> {
  // Jobs that come meanwhile move the others on, so that a page may begin with the end of the one before.
  const ids = new Set<string>();
  for (let offset = 0; ; offset += STEP) {
    const page = await jobs.list({ limit: STEP, offset });
    for (const { id } of page.jobs) ids.add(id);
    if (offset + STEP >= page.matched) return [...ids].reverse();
  }
}

/** The jobs of these ids that are still there, read as they are taken: however many there are, a few are in memory. */
export async function* eachJob(jobs: Pick<JobQueue, 'getAll'>, ids: readonly string[]): AsyncGenerator<Job> {
  for (let at = 0; at < ids.length; at += STEP)
    for (const job of await jobs.getAll(ids.slice(at, at + STEP))) if (job !== undefined) yield job;
}
