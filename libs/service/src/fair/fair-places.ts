import type { ProblemError } from '@almanac/domain';
import { FairShare } from './fair-share.ts';
import { type Waiter, WaitingLine } from './waiting-line.ts';

export interface FairPlacesOptions {
  /** tasks that run at once */
  places: number;
  /** tasks that may wait for a place */
  waiting: number;
  /** how long each may wait, in milliseconds */
  waitMs: number;
  /** the problem for a task that gets no place: 503 with Retry-After. `count`: tasks that run or wait */
  busy(count: number): ProblemError;
}

/** A task that waits for a place. */
class Pending implements Waiter {
  readonly client: string;
  readonly granted: Promise<void>;
  isGone = false;
  readonly #timer: NodeJS.Timeout;
  #grant = () => {};

  constructor(client: string, waitMs: number, late: () => ProblemError) {
    this.client = client;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.granted = promise;
    this.#grant = resolve;
    this.#timer = setTimeout(() => {
      this.isGone = true;
      reject(late());
    }, waitMs);
  }

  grant(): void {
    clearTimeout(this.#timer);
    this.#grant();
  }
}

/**
 * Limits the tasks of one kind that run at once. Clients share the places fairly: no client gets all of them, and the waiting client that
 * holds the fewest is next.
 */
export class FairPlaces {
  readonly #options: FairPlacesOptions;
  readonly #places: FairShare;
  readonly #line: WaitingLine<Pending>;

  constructor(options: FairPlacesOptions) {
    this.#options = options;
    this.#places = new FairShare(options.places);
    this.#line = new WaitingLine(options.waiting);
  }

  /** Runs the task when the client has a place. Throws the problem `busy` if it gets none in time. */
  async run<T>(client: string, work: () => Promise<T>): Promise<T> {
    if (this.#line.size > 0 || !this.#places.take(client)) await this.#wait(client);
    try {
      return await work();
    } finally {
      this.#places.release(client);
      this.#serve();
    }
  }

  #wait(client: string): Promise<void> {
    const pending = new Pending(client, this.#options.waitMs, () => this.#busy());
    if (!this.#line.add(pending)) {
      pending.grant();
      throw this.#busy();
    }
    // A client that holds fewer places than the waiting ones comes first.
    this.#serve();
    return pending.granted;
  }

  #serve(): void {
    for (let next = this.#line.next(this.#places); next !== undefined; next = this.#line.next(this.#places)) next.grant();
  }

  #busy(): ProblemError {
    return this.#options.busy(this.#places.used + this.#line.size);
  }
}
