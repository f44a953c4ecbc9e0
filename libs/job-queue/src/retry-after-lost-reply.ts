import { setTimeout as sleep } from 'node:timers/promises';
import { storeUnavailable } from '@almanac/domain';
import { LostReply } from '@almanac/hotqueue';
import { isUnavailable } from './retry-while-unavailable.ts';

const TRIES = 6;
const APART_MS = 100;

/** True if it is unknown whether the call was executed: it was sent, and no reply came. */
const isLost = (error: unknown): boolean =>
  error instanceof LostReply || (error instanceof Error && error.name === 'MaxRetriesPerRequestError');

/**
 * Repeats a call whose reply was lost. Only for calls that are safe to repeat. Throws 'store-unavailable' after half a second. If the first
 * call could not even be sent, throws its error at once.
 */
export async function retryAfterLostReply<T>(call: () => Promise<T>): Promise<T> {
  let lost: unknown;
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries > 0) await sleep(APART_MS);
    try {
      return await call();
    } catch (error) {
      // While the connection is being restored, "unavailable" does not tell whether the lost call was executed.
      if (!isLost(error) && (lost === undefined || !isUnavailable(error))) throw error;
      lost ??= error;
    }
  }
  throw storeUnavailable(lost);
}
