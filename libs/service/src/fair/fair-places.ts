import type { ProblemError } from '@almanac/domain';
import { FairShare } from './fair-share.ts';
import { type Waiter, WaitingLine } from './waiting-line.ts';

export interface FairPlacesOptions {
  /** pieces of work that run at once */
  places: number;
  /** pieces of work that may wait for a place */
  waiting: number;
  /** how long each may wait, in milliseconds */
  waitMs: number;
  /** the problem for one that gets no place: 503 with Retry-After. `count`: how many run and wait */
  busy(count: number): ProblemError;
}

/** Work that waits for a place. */
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
 * A number of places for work of one kind, which clients share: no client takes all of them, and of those that wait the client with the
 * fewest places is next.
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

  /** Does the work when the client has a place. Throws the problem `busy` if it gets none in time. */
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
    // A client that holds fewer places than those that wait need not wait behind them.
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
