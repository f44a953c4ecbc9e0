import { type Job, jobLimits } from '@almanac/domain';

/** Members that can be large. */
const bulky = ['inputs', 'asked', 'statistics'] as const;

/**
 * A job as lists and streams of all jobs show it: what is large is left out and named in `omitted`; the job itself has it.
 * The same object where nothing is left out.
 */
export function listedJob(job: Job): Job {
  const omitted = bulky.filter((name) => job[name] !== undefined && sizeOf(job[name]) > jobLimits.listedBytes.value);
  if (omitted.length === 0) return job;
  const { asked, statistics, ...rest } = job;
  return {
    ...rest,
    inputs: omitted.includes('inputs') ? {} : job.inputs,
    ...(asked === undefined || omitted.includes('asked') ? {} : { asked }),
    ...(statistics === undefined || omitted.includes('statistics') ? {} : { statistics }),
    omitted,
  };
}

/** Characters of a value as JSON: as many as bytes, or nearly so. */
export const sizeOf = (value: unknown): number => JSON.stringify(value).length;
