import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError, storeTroubleOf } from '@almanac/domain';

/** Whether an error says that something a job needs is unavailable at the moment, which is not the job's fault. A full store counts. */
export function isAway(error: unknown): boolean {
  if (error instanceof ProblemError) return error.status === 502 || error.status === 503 || error.type === 'store-full';
  return storeTroubleOf(error) !== undefined;
}

/** Waits between tries, in milliseconds: half a minute together. */
export const WAITS_MS = [100, 400, 1000, 2000, 4000, 8000, 15_000];

/** Does it, and does it again while what it needs is away. The last error is the caller's; so is any that is the job's own fault. */
export async function patiently<T>(
  work: () => Promise<T>,
  { signal, waits = WAITS_MS }: { signal: AbortSignal; waits?: readonly number[] },
): Promise<T> {
  for (const wait of waits) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || signal.aborted) throw error;
      await sleep(wait, undefined, { signal });
    }
  }
  return work();
}
