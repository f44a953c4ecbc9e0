import { setTimeout as sleep } from 'node:timers/promises';
import { storeUnavailable } from '@almanac/domain';
import { LostReply } from '@almanac/hotqueue';
import { isAway } from './patience.ts';

const TRIES = 6;
const APART_MS = 100;

/** Whether an error leaves open if the call was executed: it was sent, and no reply came. */
const isLost = (error: unknown): boolean =>
  error instanceof LostReply || (error instanceof Error && error.name === 'MaxRetriesPerRequestError');

/**
 * Asks again when a reply was lost: only for calls that may be repeated. Gives up after half a second with 'store-unavailable'.
 * A store that could not even be asked is the caller's to know at once.
 */
export async function persistently<T>(call: () => Promise<T>): Promise<T> {
  let lost: unknown;
  for (let tries = 0; tries < TRIES; tries++) {
    if (tries > 0) await sleep(APART_MS);
    try {
      return await call();
    } catch (error) {
      // While the connection comes back, "cannot be reached" is no answer to whether the lost call was executed.
      if (!isLost(error) && (lost === undefined || !isAway(error))) throw error;
      lost ??= error;
    }
  }
  throw storeUnavailable(lost);
}
