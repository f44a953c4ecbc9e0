import { type Job, type Problem, ProblemError, type ProblemType, problemTypes } from '@almanac/domain';
import type { JobQueue, ResultPlace } from '@almanac/job-queue';
import { readJob } from '../job-lookup.ts';

/** A job with results, and where they are stored. */
export interface CompleteJob {
  job: Job;
  place: ResultPlace;
}

/** The job with this id. Throws if it has no results: 'result-not-ready' while it runs, later the reason that it has none. */
export async function findCompleteJob(jobs: Pick<JobQueue, 'read'>, id: string): Promise<CompleteJob> {
  const { job, place } = await readJob(jobs, id);
  if (job.status === 'failed') throw failureOf(job);
  if (job.status === 'cancelled') throw new ProblemError('gone', `Job ${job.id} was cancelled. It has no results.`);
  if (place === undefined) throw notReady(job);
  return { job, place };
}

const notReady = (job: Job) =>
  new ProblemError('result-not-ready', `Job ${job.id} is not finished: ${stateOf(job)}.`, { headers: { 'retry-after': '1' } });

const stateOf = ({ status, progress, stage }: Job): string =>
  status === 'submitted' ? 'it waits for a worker' : `${progress} % are done${stage === null ? '' : ` (${stage})`}`;

/** The problem that a failed job ended with. */
function failureOf({ id, problem }: Job): ProblemError {
  const type = problem?.type.replace('/problems/', '') ?? '';
  const { type: _type, title, status, detail, instance, errors, ...extra } = (problem ?? {}) as Partial<Problem> & Record<string, unknown>;
  return new ProblemError(isProblemType(type) ? type : 'job-failed', detail ?? `Job ${id} failed.`, {
    ...(errors === undefined ? {} : { errors }),
    extra: { ...extra, job: id },
  });
}

const isProblemType = (type: string): type is ProblemType => Object.hasOwn(problemTypes, type);
