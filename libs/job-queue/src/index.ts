export { LOST_AFTER_MS, type Observer, type QueueLogger } from '@almanac/hotqueue';
export * from './job-queue.ts';
export * from './job-worker.ts';
export * from './new-job.ts';
export * from './outcome.ts';
