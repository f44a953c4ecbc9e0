import type { Logger } from '@almanac/service';

/** A task that every replica, or one of them, runs regularly. */
export interface Chore {
  /** for the log: 'audit of the queue' */
  name: string;
  everyMs: number;
  run(): Promise<void>;
}

/** Runs each task soon after the start and then at its interval, never twice at once. A failed task runs again at the next interval. */
export function startHousekeeping(chores: readonly Chore[], logger: Pick<Logger, 'warn'>): { stop(): void } {
  const timers = chores.flatMap((chore) => {
    let isBusy = false;
    const run = async () => {
      if (isBusy) return;
      isBusy = true;
      try {
        await chore.run();
      } catch (error) {
        logger.warn({ err: error, chore: chore.name }, 'housekeeping task failed; will retry at the next interval');
      }
      isBusy = false;
    };
    return [setInterval(() => void run(), chore.everyMs), setTimeout(() => void run(), Math.min(5000, chore.everyMs))];
  });
  return { stop: () => timers.forEach((timer) => void clearTimeout(timer)) };
}
