import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError, storeTroubleOf } from '@almanac/domain';
import { GivePlaceBack } from './outcome.ts';

/** Whether an error says that something a job needs is unavailable at the moment, which is not the job's fault. A full store counts. */
export function isAway(error: unknown): boolean {
  if (error instanceof ProblemError) return error.status === 502 || error.status === 503 || error.type === 'store-full';
  return storeTroubleOf(error) !== undefined;
}

/** What a person should know of an error for which isAway is true. */
export function whyAway(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  return storeTroubleOf(error) === 'full'
    ? 'The store is full (its maxmemory is reached); the job waits until there is room.'
    : 'The store does not take this write at the moment; the job waits for it.';
}

/** Waits between tries within one attempt, in milliseconds. A longer outage costs the job its place, not another job its turn. */
export const WAITS_MS = [100, 400, 1000];

/** Repeats the work while what it needs is away. The last error is the caller's; so is any that is the job's own fault. */
export async function patiently<T>(
  work: () => Promise<T>,
  { signal, waits = WAITS_MS }: { signal: AbortSignal; waits?: readonly number[] },
): Promise<T> {
  for (const wait of waits) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || error instanceof GivePlaceBack || signal.aborted) throw error;
      await sleep(wait, undefined, { signal });
    }
  }
  return work();
}
