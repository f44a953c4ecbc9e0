import { ProblemError } from '@almanac/domain';
import type { ConnectionPool } from './connection-pool.ts';

/**
 * The problem for a request that gets no connection to a service; nothing was sent. A client that holds its whole share of the streams
 * gets 429, because it has to end one itself. In every other case waiting helps, which is 503.
 */
export function tooBusy(service: string, { places }: ConnectionPool, client: string, isLong: boolean): ProblemError {
  const held = places.heldBy(client);
  const isOwnShare = places.free > 0;
  const what = isLong ? 'event streams and waits' : 'connections';
  // Requests end within moments, streams do not.
  const retrySeconds = isLong ? 5 : 1;
  const reason = isOwnShare
    ? `this client uses ${held} of its ${places.total} ${what}, as many as are free for others`
    : `all of its ${places.total} ${what} are in use`;
  const detail = `${service} is busy: ${reason}. Nothing was sent; try again in ${retrySeconds} s${isOwnShare && isLong ? ', or end some of them' : ''}.`;
  return new ProblemError(isLong && isOwnShare ? 'too-many-requests' : 'unavailable', detail, {
    headers: { 'retry-after': String(retrySeconds) },
    extra: { limit: places.total, value: held, unit: isLong ? 'streams' : 'connections' },
  });
}
