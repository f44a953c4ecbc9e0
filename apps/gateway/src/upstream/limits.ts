/** Bounds of the connections to one service. Times in milliseconds. */
export interface Limits {
  /** connections that carry one request at a time */
  connections: number;
  /** requests that may wait for one of them; more are turned away with 503 */
  waiting: number;
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
  /** the largest quick answer, in bytes */
  quickBytes: number;
  /** a request body up to this size is read before it is passed on, so that it goes in one write and can be sent again; bytes */
  smallBody: number;
  /** a request body that brings no byte for this long ends with 408; an answer that its client does not read for four times this ends */
  stallMs: number;
}

export const defaultLimits: Limits = {
  connections: 64,
  waiting: 1024,
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
  stallMs: 30_000,
};

/** When a connection opened now is too old: its life, give or take a fifth, so that not all end at once. */
export const expiry = (lifeMs: number): number => Date.now() + lifeMs * (0.8 + 0.4 * Math.random());
