import type { Logger } from '@almanac/service';

/** Something to be done from time to time, by every replica or by whichever comes first. */
export interface Chore {
  /** for the log: what could not be done */
  name: string;
  everyMs: number;
  run(): Promise<void>;
}

/** Does each chore soon after the start and then at its interval, never twice at once. One that failed is done next time. */
export function startHousekeeping(chores: readonly Chore[], logger: Pick<Logger, 'warn'>): { stop(): void } {
  const timers = chores.flatMap((chore) => {
    let isBusy = false;
    const tidy = async () => {
      if (isBusy) return;
      isBusy = true;
      try {
        await chore.run();
      } catch (error) {
        logger.warn({ err: error, chore: chore.name }, 'housekeeping could not be done now; next time');
      }
      isBusy = false;
    };
    return [setInterval(() => void tidy(), chore.everyMs), setTimeout(() => void tidy(), Math.min(5000, chore.everyMs))];
  });
  return { stop: () => timers.forEach((timer) => void clearTimeout(timer)) };
}
