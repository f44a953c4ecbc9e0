import type { SettlingConnection } from './settling-connection.ts';

/** The longest time between two looks, so that the delayed jobs of a process that died are found. */
const MAX_WAIT_MS = 60_000;

/**
 * Moves delayed jobs to the list when they are due. One timer is set to the next of them; nothing polls. Each process that delays a job
 * has such a timer, and each worker has one (and also looks with each heartbeat), so a job is late only if all of these processes ended.
 */
export class DelayedJobTimer {
  readonly #connection: SettlingConnection;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #isStopped = false;

  constructor(connection: SettlingConnection) {
    this.#connection = connection;
  }

  /** Sets the timer for a job that is due in `ms`. */
  schedule(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.#dueAt || this.#isStopped) return;
    this.#dueAt = at;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.promote().catch(() => this.schedule(1000)), Math.min(ms, MAX_WAIT_MS));
    this.#timer.unref();
  }

  /** Moves the jobs that are due, and sets the timer for the next. */
  async promote(): Promise<void> {
    this.#dueAt = Number.POSITIVE_INFINITY;
    clearTimeout(this.#timer);
    const nextMs = (await this.#connection.run('promote', [])) as number;
    if (nextMs >= 0) this.schedule(nextMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }
}
