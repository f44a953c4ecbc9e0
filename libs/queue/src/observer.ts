import type { Redis } from 'ioredis';
import { type QueueKeys, queueKeys } from './keys.ts';
import { LOST_AFTER_MS, leaseOf, MAX_CRASHES } from './liveness.ts';
import { type QueueLogger, silent } from './queue-logger.ts';
import { SettlingConnection } from './settling-connection.ts';

export interface ObserverOptions {
  redis: Redis;
  queue: string;
  /** default: nothing is said */
  logger?: QueueLogger;
  /** default 10,000 */
  lostAfterMs?: number;
  /** default 3 */
  maxCrashes?: number;
}

/**
 * Gives back what dead workers held. A worker is dead when its beat did not change for `lostAfterMs` on this process' own monotonic
 * clock: no clocks are compared, so none can be wrong. Any number of observers may watch; reaping is one compare-and-act script.
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
      // The store is away: nobody can beat either. Time that nobody could use to beat must not count against them.
      this.#seen.clear();
    } finally {
      this.#isLooking = false;
    }
  }

  /** One look at all beats, and at jobs whose time has come while nobody else looked. Returns the workers that were reaped. */
  async look(): Promise<string[]> {
    await this.#connection.run('promote', []);
    const beats = await this.#connection.settle(() => this.#connection.redis.hgetall(this.#keys.workers), 3000);
    this.#forgetAfterSleep();
    for (const worker of this.#seen.keys()) if (!(worker in beats)) this.#seen.delete(worker);
    const reaped: string[] = [];
    for (const [worker, beat] of Object.entries(beats)) {
      const last = this.#seen.get(worker);
      if (last?.beat !== beat) this.#seen.set(worker, { beat, since: performance.now() });
      else if (performance.now() - last.since > this.#patienceWith(worker) && (await this.#reap(worker, beat)) >= 0) reaped.push(worker);
    }
    return reaped;
  }

  #patienceWith = (worker: string): number => leaseOf(worker) ?? this.#options.lostAfterMs;

  /** A machine that slept, or stood still, had its workers stand still too: they get the whole time again. */
  #forgetAfterSleep(): void {
    const now = performance.now();
    if (now - this.#looked > this.#options.lostAfterMs / 2) this.#seen.clear();
    this.#looked = now;
  }

  /** For a parent that saw its worker's process end: no need to wait. Returns how many jobs went back, -1 where there was no such worker. */
  reapNow(worker: string): Promise<number> {
    return this.#reap(worker, '');
  }

  async #reap(worker: string, beat: string): Promise<number> {
    const { maxCrashes, logger } = this.#options;
    const n = (await this.#connection.run('reap', [worker, beat, maxCrashes, 'lost'])) as number;
    if (n > 0 || (n === 0 && beat !== 'x')) logger.warn({ worker, givenBack: n }, 'a worker is gone; what it held goes to another');
    return n;
  }
}
