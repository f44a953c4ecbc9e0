import { Interrupted } from '@almanac/job-queue';
import type { Logger } from '@almanac/service';
import { type ChildOptions, DrawChild } from './child.ts';
import type { ChildRequest, Computed } from './protocol.ts';

export interface PoolOptions extends ChildOptions {
  /** maximum number of children */
  children: number;
  /** time after which an idle child other than the first ends */
  idleMs?: number;
  logger: Logger;
}

/** Delay before a start that was killed is retried, because memory may be free then. */
const START_AGAIN_MS = 1000;

interface Idle {
  child: DrawChild;
  timer?: NodeJS.Timeout;
}

/** Drawing processes. One is always kept ready; more start on demand and end when idle. */
export class DrawPool {
  readonly #options: PoolOptions & { idleMs: number };
  readonly #idle: Idle[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #alive = new Set<DrawChild>();
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = { idleMs: 60_000, ...options };
  }

  get alive(): number {
    return this.#alive.size;
  }

  /** Throws if no child is running or starting. */
  check(): void {
    if (this.#alive.size === 0) throw new Error('no drawing process is running');
  }

  /** Starts the first child. Rejects if it cannot draw, so that the service does not start. */
  async start(): Promise<this> {
    this.#release(await this.#spawn());
    return this;
  }

  /** Runs a request in a child of its own. If the child fails, no other request does. */
  async run(request: ChildRequest, rows: AsyncIterable<Uint8Array>, signal: AbortSignal, onRead?: () => void): Promise<Computed> {
    const child = await this.#takeFor(signal).catch((error: unknown) => {
      // Ends the request whose rows are no longer needed.
      rows[Symbol.asyncIterator]()
        .return?.()
        ?.catch(() => {});
      throw error;
    });
    try {
      return await child.run(request, rows, signal, onRead);
    } finally {
      if (child.isAlive && !signal.aborted) this.#release(child);
      else this.#bury(child);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
    for (const child of this.#alive) child.kill();
    this.#alive.clear();
  }

  /** A child, unless `signal` aborts first: starting one takes a while, and a cancelled job must not wait for it. The next job gets it. */
  async #takeFor(signal: AbortSignal): Promise<DrawChild> {
    signal.throwIfAborted();
    const gone = Promise.withResolvers<never>();
    const leave = () => gone.reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    const taking = this.#take();
    try {
      return await Promise.race([taking, gone.promise]);
    } catch (error) {
      taking.then((child) => this.#release(child)).catch(() => {});
      throw error;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  async #take(): Promise<DrawChild> {
    for (;;) {
      const idle = this.#idle.pop();
      clearTimeout(idle?.timer);
      if (idle?.child.isAlive) return idle.child;
      if (idle !== undefined) this.#alive.delete(idle.child);
      else if (this.#alive.size < this.#options.children) return this.#spawn();
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #spawn(): Promise<DrawChild> {
    const child = new DrawChild(this.#options);
    this.#alive.add(child);
    try {
      await child.ready();
      return child;
    } catch (error) {
      this.#drop(child);
      throw error;
    }
  }

  #release(child: DrawChild): void {
    if (this.#isClosed) {
      this.#bury(child);
      return;
    }
    const idle: Idle = { child };
    if (this.#alive.size > 1) idle.timer = setTimeout(() => this.#retire(idle), this.#options.idleMs).unref();
    this.#idle.push(idle);
    this.#waiting.shift()?.();
  }

  #retire(idle: Idle): void {
    if (this.#alive.size <= 1) return;
    this.#idle.splice(this.#idle.indexOf(idle), 1);
    this.#bury(idle.child);
  }

  #drop(child: DrawChild): void {
    child.kill();
    this.#alive.delete(child);
    this.#waiting.shift()?.();
  }

  /** Ends a child that is dead or not needed, and starts another if none is left. */
  #bury(child: DrawChild): void {
    this.#drop(child);
    this.#keepWarm();
  }

  /** Starts a child if there is none. A child that cannot start is not retried unless it was killed from outside. */
  #keepWarm(): void {
    if (this.#alive.size > 0 || this.#isClosed) return;
    this.#spawn().then(
      (warm) => this.#release(warm),
      (error) => {
        this.#options.logger.error({ err: error }, 'drawing process cannot start');
        if (error instanceof Interrupted) setTimeout(() => this.#keepWarm(), START_AGAIN_MS).unref();
      },
    );
  }
}
