import { type Job, ProblemError, unknownResult } from '@almanac/domain';
import type { ReadJob } from '@almanac/job-queue';
import type { ResultStore } from '@almanac/store';

/** The PNG of an ended job. Throws the reason if there is none, or none any more. */
export async function pictureOf({ job, place }: ReadJob, results: Pick<ResultStore, 'read'>): Promise<Buffer> {
  requirePicture(job);
  const png = place === undefined ? undefined : await results.read(place.jobId, place.token, 'png');
  if (png === undefined) throw new ProblemError('gone', `The picture of job ${job.id} is no longer kept. Submit it again.`);
  return png;
}

function requirePicture({ id, status, message, results }: Job): void {
  if (status === 'failed') throw new ProblemError('job-failed', message ?? `Job ${id} failed.`);
  if (status === 'cancelled') throw new ProblemError('gone', message ?? `Job ${id} was cancelled; it drew nothing.`);
  if (!Object.hasOwn(results, 'png')) throw unknownResult('png', Object.keys(results));
}
