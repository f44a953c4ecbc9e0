import { requestLimits } from '@almanac/domain';

/** Bounds of the connections to one service. Times in milliseconds. */
export interface Limits {
  /** connections that carry one request at a time, for requests that are answered at once */
  connections: number;
  /** the same for event streams and waits for a job, which keep their connection for long */
  streams: number;
  /** requests that may wait for a connection of either kind; more get 503 */
  waiting: number;
  /** how long a request may wait for one; then it gets 503 */
  waitMs: number;
  /** connections that quick questions share */
  shared: number;
  /** quick questions that may wait on one shared connection */
  depth: number;
  /** a shared connection whose first question waits longer than this takes no more */
  slowMs: number;
  /**
   * how long a connection may stay unused. Less than the services' DRAIN_SECONDS (3 s): a connection unused during a whole drain never
   * hears `Connection: close` and would die under the next POST
   */
  idleMs: number;
  /** how old a connection may get, give or take a fifth, so that new replicas of a service get their share */
  lifeMs: number;
  uses: number;
  sharedUses: number;
  connectMs: number;
  /**
   * pauses between further tries where every address refused. Behind one address of Kubernetes there are several pods: for a second or so
   * after one died, part of all new connections still go to it
   */
  refusedPausesMs: readonly number[];
  /** how long an address that refused or is draining gets no new connection, where there are others */
  avoidMs: number;
  /** the largest quick response, in bytes */
  quickBytes: number;
  /** a request body up to this size is read before it is passed on, so that it goes in one write and can be sent again; bytes */
  smallBody: number;
  /** the least number of bytes in a second that a request body must bring, and that a client must take of a response; 0: no bound */
  bytesPerSecond: number;
  /** the time over which that is counted for a body, which then ends with 408; four times this for a response, which then breaks off */
  stallMs: number;
  /** small bodies, and small responses that are not read, that the gateway holds over all services; bytes */
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

/** When (performance.now) a connection opened now is too old: its life, give or take a fifth, so that not all end at once. */
export const expiry = (lifeMs: number): number => performance.now() + lifeMs * (0.8 + 0.4 * Math.random());
