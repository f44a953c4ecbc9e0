import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError, storeTroubleOf } from '@almanac/domain';
import { GivePlaceBack } from './outcome.ts';

/** True if the error reports that something a job needs is unavailable, which is not the job's fault. A full store counts. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof ProblemError) return error.status === 502 || error.status === 503 || error.type === 'store-full';
  return storeTroubleOf(error) !== undefined;
}

/** The reason for a person to read, of an error for which isUnavailable is true. */
export function unavailableReason(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  return storeTroubleOf(error) === 'full'
    ? 'The store is full (its maxmemory is reached). The job waits until there is room.'
    : 'The store refuses this write at the moment. The job waits for it.';
}

/** Waits between the tries of one attempt, in milliseconds. After a longer outage the job is postponed, so that another job can run. */
export const WAITS_MS = [100, 400, 1000];

/** Repeats the work while what it needs is unavailable. Throws the last error, or at once an error that is the job's own fault. */
export async function retryWhileUnavailable<T>(
  work: () => Promise<T>,
  { signal, waits = WAITS_MS }: { signal: AbortSignal; waits?: readonly number[] },
): Promise<T> {
  for (const wait of waits) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error) || error instanceof GivePlaceBack || signal.aborted) throw error;
      await sleep(wait, undefined, { signal });
    }
  }
  return work();
}
