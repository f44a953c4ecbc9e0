import type { SettlingConnection } from './settling-connection.ts';

/** A look at least this often, for the delayed jobs of a process that has died since. */
const AT_MOST_MS = 60_000;

/**
 * Moves delayed jobs to the list when their time has come, by one timer to the next of them: nothing polls. Who delays a job keeps such a
 * timer, and so does every worker (which also looks with each beat), so that a job is late only when all of these are gone.
 */
export class DueTimer {
  readonly #connection: SettlingConnection;
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;
  #isStopped = false;

  constructor(connection: SettlingConnection) {
    this.#connection = connection;
  }

  /** A job will be due in so many milliseconds. */
  expect(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.#at || this.#isStopped) return;
    this.#at = at;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.promote().catch(() => this.expect(1000)), Math.min(ms, AT_MOST_MS));
    this.#timer.unref();
  }

  /** Looks now, and sets the timer for what is due next. */
  async promote(): Promise<void> {
    this.#at = Number.POSITIVE_INFINITY;
    clearTimeout(this.#timer);
    const next = (await this.#connection.run('promote', [])) as number;
    if (next >= 0) this.expect(next);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }
}
