import type { JobQueue } from '@almanac/job-queue';
import type { Logger } from '@almanac/service';

const EVERY_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/** Forgets the records of jobs that ended long ago, at the start and every ten minutes. Results expire in their store by themselves. */
export function startHousekeeping(
  jobs: Pick<JobQueue, 'trim'>,
  { recordDays, logger, everyMs = EVERY_MS }: { recordDays: number; logger: Pick<Logger, 'info' | 'warn'>; everyMs?: number },
): { stop(): void } {
  const tidy = async () => {
    try {
      const removed = await jobs.trim(recordDays * DAY_MS);
      if (removed > 0) logger.info({ removed }, 'forgot the records of old jobs');
    } catch (error) {
      logger.warn({ err: error }, 'old jobs could not be forgotten now; next time');
    }
  };
  const timer = setInterval(() => void tidy(), everyMs);
  const first = setTimeout(() => void tidy(), Math.min(5000, everyMs));
  return {
    stop() {
      clearInterval(timer);
      clearTimeout(first);
    },
  };
}
