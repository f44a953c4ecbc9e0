import { section } from './limit.ts';

/** What one job, one registration and all job records may take. */
export const jobLimits = section({
  inputsBytes: {
    value: 64 * 1024,
    unit: 'bytes',
    title: 'bytes of the inputs of one job, as JSON',
    outcome: '413',
  },
});
