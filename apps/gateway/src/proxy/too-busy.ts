import { ProblemError } from '@almanac/domain';
import type { ConnectionPool } from './connection-pool.ts';

/**
 * The problem for a request that gets no connection to a service; nothing was sent. A client that holds its whole share of the streams
 * gets 429, because it must close one itself. In every other case a retry helps, which is 503.
 */
export function tooBusy(service: string, { places }: ConnectionPool, client: string, isLong: boolean): ProblemError {
  const held = places.heldBy(client);
  const isOwnShare = places.free > 0;
  const what = isLong ? 'event streams and waits' : 'connections';
  // Short requests end soon, streams do not.
  const retrySeconds = isLong ? 5 : 1;
  const reason = isOwnShare
    ? `this client holds ${held} of the ${places.total} ${what}, its fair share`
    : `all ${places.total} ${what} are in use`;
  const detail = `${service} is overloaded: ${reason}. The request was not forwarded. ${isOwnShare && isLong ? 'Close some of them, or retry' : 'Retry'} in ${retrySeconds} s.`;
  return new ProblemError(isLong && isOwnShare ? 'too-many-requests' : 'unavailable', detail, {
    headers: { 'retry-after': String(retrySeconds) },
    extra: { limit: places.total, value: held, unit: isLong ? 'streams' : 'connections' },
  });
}
