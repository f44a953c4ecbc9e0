export {
  type Durability,
  durabilities,
  LOST_AFTER_MS,
  type Observer,
  type Place,
  violations,
  violationsOf,
} from '@almanac/hotqueue';
export * from './audit-due.ts';
export * from './job-leases.ts';
export * from './job-queue.ts';
export * from './job-worker.ts';
export * from './listed-job.ts';
export * from './new-job.ts';
export * from './outcome.ts';
export { isUnavailable } from './retry-while-unavailable.ts';
export * from './server-watch.ts';
