import type { JobQueue } from '@almanac/job-queue';
import type { Logger } from '@almanac/service';
import type { Chore } from './housekeeping.ts';

const DAY_MS = 86_400_000;

/** Deletes the records of jobs that ended long ago. */
export const oldRecords = (jobs: Pick<JobQueue, 'trim'>, recordDays: number, logger: Pick<Logger, 'info'>): Chore => ({
  name: 'deletion of old records',
  everyMs: 10 * 60_000,
  async run() {
    const removed = await jobs.trim(recordDays * DAY_MS);
    if (removed > 0) logger.info({ removed }, 'old job records deleted');
  },
});
