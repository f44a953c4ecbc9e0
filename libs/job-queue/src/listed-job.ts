import { type Job, jobLimits } from '@almanac/domain';

/** Members that can be large. */
const bulky = ['inputs', 'asked', 'statistics'] as const;

/**
 * Returns a job as lists and streams show it: large members are left out and named in `omitted`. Returns the same object if nothing is left
 * out.
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

/** Length of a value as JSON, in characters: about its size in bytes. */
export const sizeOf = (value: unknown): number => JSON.stringify(value).length;
