import { type Job, unknownJob } from '@almanac/domain';
import type { JobQueue, ReadJob } from '@almanac/job-queue';

const isId = (text: string): boolean => /^[\w-]{1,64}$/.test(text);

/** The job with this id. Throws 'unknown-job'; so does a text that cannot be an id. */
export async function findJob(jobs: Pick<JobQueue, 'get'>, id: string): Promise<Job> {
  const job = isId(id) ? await jobs.get(id) : undefined;
  if (job === undefined) throw unknownJob(id);
  return job;
}

/** The same with the place of its results. */
export async function readJob(jobs: Pick<JobQueue, 'read'>, id: string): Promise<ReadJob> {
  const read = isId(id) ? await jobs.read(id) : undefined;
  if (read === undefined) throw unknownJob(id);
  return read;
}
