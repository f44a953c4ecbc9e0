import { type Job, ProblemError, unknownResult } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import type { ResultStore } from '@almanac/store';

export interface Drawn {
  jobs: Pick<JobQueue, 'resultPlace'>;
  results: Pick<ResultStore, 'read'>;
}

/** The PNG that an ended job drew. Throws why there is none, or none any more. */
export async function pictureOf({ id, status, message, results: made }: Job, { jobs, results }: Drawn): Promise<Buffer> {
  if (status === 'failed') throw new ProblemError('job-failed', message ?? `Job ${id} failed.`);
  if (status === 'cancelled') throw new ProblemError('gone', message ?? `Job ${id} was cancelled; it drew nothing.`);
  if (!Object.hasOwn(made, 'png')) throw unknownResult('png', Object.keys(made));
  const place = await jobs.resultPlace(id);
  const png = place === undefined ? undefined : await results.read(place.jobId, place.token, 'png');
  if (png === undefined) throw new ProblemError('gone', `The picture of job ${id} is no longer kept. Submit it again.`);
  return png;
}
