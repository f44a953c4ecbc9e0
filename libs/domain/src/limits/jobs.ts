import { section } from './limit.ts';

/** What one job, one registration and all job records may take. */
export const jobLimits = section({
  inputsBytes: {
    value: 64 * 1024,
    unit: 'bytes',
    title: 'bytes of the inputs of one job, as JSON',
    outcome: '413',
  },
  waitMs: {
    value: 600_000,
    unit: 'ms',
    title: 'time a job waits for a service or store that is away, over all its waits',
    outcome: 'the job fails with the reason',
  },
});
