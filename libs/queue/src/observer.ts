import type { Redis } from 'ioredis';
import { type QueueKeys, queueKeys } from './keys.ts';
import { LOST_AFTER_MS, leaseOf, MAX_CRASHES } from './liveness.ts';
import { type QueueLogger, silent } from './queue-logger.ts';
import { SettlingConnection } from './settling-connection.ts';

export interface ObserverOptions {
  redis: Redis;
  queue: string;
  /** default: no logging */
  logger?: QueueLogger;
  /** default 10,000 */
  lostAfterMs?: number;
  /** default 3 */
  maxCrashes?: number;
}

/**
 * Returns the jobs of dead workers to the queue. A worker is dead if its heartbeat counter did not change for `lostAfterMs` by the monotonic
 * clock of this process: no clocks are compared, so a wrong clock does no harm. Any number of observers may run; reaping is one atomic
 * script.
 */
export class Observer {
  readonly #keys: QueueKeys;
  readonly #connection: SettlingConnection;
  readonly #options: Required<ObserverOptions>;
  readonly #seen = new Map<string, { beat: string; since: number }>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #looked = 0;

  constructor(options: ObserverOptions) {
    this.#options = { logger: silent, lostAfterMs: LOST_AFTER_MS, maxCrashes: MAX_CRASHES, ...options };
    this.#keys = queueKeys(options.queue);
    this.#connection = new SettlingConnection(options.redis, this.#keys);
  }

  start(): this {
    this.#timer ??= setInterval(() => void this.#tick(), Math.min(1000, this.#options.lostAfterMs / 5));
    return this;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #tick(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.look();
    } catch {
      // The store is unavailable, so no worker can send heartbeats. This time must not count against them.
      this.#seen.clear();
    } finally {
      this.#isLooking = false;
    }
  }

  /** Checks all heartbeats once, and moves delayed jobs that are due. Returns the ids of the workers that it reaped. */
  async look(): Promise<string[]> {
    await this.#connection.run('promote', []);
    const beats = await this.#connection.settle(() => this.#connection.redis.hgetall(this.#keys.workers), 3000);
    this.#forgetAfterSleep();
    for (const worker of this.#seen.keys()) if (!(worker in beats)) this.#seen.delete(worker);
    const reaped: string[] = [];
    for (const [worker, beat] of Object.entries(beats)) {
      const last = this.#seen.get(worker);
      if (last?.beat !== beat) this.#seen.set(worker, { beat, since: performance.now() });
      else if (performance.now() - last.since > this.#lostAfterMs(worker) && (await this.#reap(worker, beat)) >= 0) reaped.push(worker);
    }
    return reaped;
  }

  #lostAfterMs = (worker: string): number => leaseOf(worker) ?? this.#options.lostAfterMs;

  /** If this machine slept or was suspended, so were its workers: they get the whole time again. */
  #forgetAfterSleep(): void {
    const now = performance.now();
    if (now - this.#looked > this.#options.lostAfterMs / 2) this.#seen.clear();
    this.#looked = now;
  }

  /** For a parent whose worker process ended: reaps at once. Returns the number of jobs returned, -1 if there is no such worker. */
  reapNow(worker: string): Promise<number> {
    return this.#reap(worker, '');
  }

  async #reap(worker: string, beat: string): Promise<number> {
    const { maxCrashes, logger } = this.#options;
    const n = (await this.#connection.run('reap', [worker, beat, maxCrashes, 'lost'])) as number;
    if (n > 0 || (n === 0 && beat !== 'x')) logger.warn({ worker, returned: n }, 'worker declared dead; its jobs return to the queue');
    return n;
  }
}
