import { requestLimits } from '@almanac/domain';

/** Limits of the connections to one service. Times are in milliseconds, sizes in bytes. */
export interface Limits {
  /** connections that carry one request at a time, for short requests */
  connections: number;
  /** the same for event streams and waits for a job, which hold their connection for long */
  streams: number;
  /** requests that may wait for a connection of one kind; further ones get 503 */
  waiting: number;
  /** how long a request waits for a connection before it gets 503 */
  waitMs: number;
  /** connections that quick requests share */
  shared: number;
  /** quick requests that may wait on one shared connection */
  depth: number;
  /** a shared connection takes no more requests if its first one waits longer than this */
  slowMs: number;
  /**
   * how long a connection may stay unused. Less than the services' DRAIN_SECONDS (3 s): a connection that is unused during a whole drain
   * never gets `Connection: close` and would break under the next POST
   */
  idleMs: number;
  /** the maximum age of a connection, +- 20 %, so that new replicas of a service get their share */
  lifeMs: number;
  uses: number;
  sharedUses: number;
  connectMs: number;
  /**
   * pauses between retries after every address refused. An address of Kubernetes has several pods behind it: for about a second after one
   * died, some new connections still go to it
   */
  refusedPausesMs: readonly number[];
  /** how long an address that refused or drains gets no new connection, if there are others */
  avoidMs: number;
  /** the largest quick response */
  quickBytes: number;
  /** a request body up to this size is read before it is forwarded, so that it is sent in one write and can be sent again */
  smallBody: number;
  /** the minimum rate, per second, at which a client must send a body and read a response; 0: no limit */
  bytesPerSecond: number;
  /** the time over which the rate of a body is measured (then 408); four times this for a response (then the connection closes) */
  stallMs: number;
  /** small bodies and unread small responses that the gateway buffers for all services together */
  heldBytes: number;
}

export const defaultLimits: Limits = {
  connections: requestLimits.connections.value,
  streams: requestLimits.streams.value,
  waiting: requestLimits.waiting.value,
  waitMs: requestLimits.waitMs.value,
  shared: 4,
  depth: 16,
  slowMs: 50,
  idleMs: 2_000,
  lifeMs: 30_000,
  uses: 1_000,
  sharedUses: 32_000,
  connectMs: 2_000,
  refusedPausesMs: [20, 60, 150, 300, 600],
  avoidMs: 1_000,
  quickBytes: 256 * 1024,
  smallBody: 64 * 1024,
  bytesPerSecond: requestLimits.bodyRate.value,
  stallMs: 30_000,
  heldBytes: requestLimits.heldBytes.value,
};

/** The time (performance.now) at which a connection opened now is too old: its life +- 20 %, so that not all close at once. */
export const expiry = (lifeMs: number): number => performance.now() + lifeMs * (0.8 + 0.4 * Math.random());
