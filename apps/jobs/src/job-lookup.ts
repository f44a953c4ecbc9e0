import { type Job, type Problem, ProblemError, type ProblemType, problemTypes, unknownJob } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';

/** The job of that id. Throws 'unknown-job'; whatever cannot be an id names no job. */
export async function findJob(jobs: Pick<JobQueue, 'get'>, id: string): Promise<Job> {
  const job = /^[\w-]{1,64}$/.test(id) ? await jobs.get(id) : undefined;
  if (job === undefined) throw unknownJob(id);
  return job;
}

/** Throws unless the job has results: why there are none yet, or why there will be none. */
export function requireComplete(job: Job): void {
  if (job.status === 'complete') return;
  if (job.status === 'failed') throw failure(job);
  if (job.status === 'cancelled') throw new ProblemError('gone', `Job ${job.id} was cancelled; it made nothing.`);
  throw new ProblemError('result-not-ready', `Job ${job.id} is not finished: it is ${describe(job)}.`, { headers: { 'retry-after': '1' } });
}

const describe = ({ status, progress, stage }: Job): string =>
  status === 'submitted' ? 'waiting for a worker' : `${progress} % done${stage === null ? '' : ` (${stage})`}`;

/** The problem that a failed job ended with, as if it happened now. */
function failure({ id, problem }: Job): ProblemError {
  const type = problem?.type.replace('/problems/', '') ?? '';
  const { type: _type, title, status, detail, instance, errors, ...extra } = (problem ?? {}) as Partial<Problem> & Record<string, unknown>;
  return new ProblemError(isProblemType(type) ? type : 'job-failed', detail ?? `Job ${id} failed.`, {
    ...(errors === undefined ? {} : { errors }),
    extra: { ...extra, job: id },
  });
}

const isProblemType = (type: string): type is ProblemType => Object.hasOwn(problemTypes, type);
