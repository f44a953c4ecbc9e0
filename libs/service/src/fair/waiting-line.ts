import { FairShare } from './fair-share.ts';

/** A request that waits for a place. */
export interface Waiter {
  readonly client: string;
  /** no longer needs a place */
  readonly isGone: boolean;
}

interface Entry<W> {
  waiter: W;
  /** performance.now() */
  since: number;
}

/** Requests that wait for a place. The client that holds the fewest places is next, with its oldest request. */
export class WaitingLine<W extends Waiter> {
  readonly #share: FairShare;
  readonly #byClient = new Map<string, Entry<W>[]>();

  constructor(most: number) {
    this.#share = new FairShare(most);
  }

  get size(): number {
    return this.#share.used;
  }

  has(client: string): boolean {
    return this.#byClient.has(client);
  }

  /** Returns false if the client already has its share of the line, or the line is full. */
  add(waiter: W): boolean {
    if (!this.#share.take(waiter.client)) return false;
    const entry = { waiter, since: performance.now() };
    const own = this.#byClient.get(waiter.client);
    if (own === undefined) this.#byClient.set(waiter.client, [entry]);
    else own.push(entry);
    return true;
  }

  /** The next request, with a place taken for it; undefined if none waits or no place is available. */
  next(places: FairShare): W | undefined {
    for (let client = this.#poorest(places); client !== undefined && places.take(client); client = this.#poorest(places)) {
      const waiter = this.#shift(client);
      if (!waiter.isGone) return waiter;
      places.release(client);
    }
    return undefined;
  }

  /** Removes those that have waited for longer than `ms`, and returns them. */
  expire(now: number, ms: number): W[] {
    const late: W[] = [];
    for (const [client, entries] of this.#byClient) {
      const left = entries.filter(({ waiter, since }) => {
        const isLate = now - since >= ms;
        if (isLate && !waiter.isGone) late.push(waiter);
        return !isLate && !waiter.isGone;
      });
      this.#share.release(client, entries.length - left.length);
      if (left.length > 0) this.#byClient.set(client, left);
      else this.#byClient.delete(client);
    }
    return late;
  }

  /** The waiting client with the fewest places. If it may not have one more, no other may. */
  #poorest(places: FairShare): string | undefined {
    let poorest: string | undefined;
    for (const client of this.#byClient.keys())
      if (poorest === undefined || places.heldBy(client) < places.heldBy(poorest)) poorest = client;
    return poorest;
  }

  /** A served client moves to the end of the order, so that clients with equal places take turns. */
  #shift(client: string): W {
    const entries = this.#byClient.get(client) as Entry<W>[];
    const { waiter } = entries.shift() as Entry<W>;
    this.#byClient.delete(client);
    if (entries.length > 0) this.#byClient.set(client, entries);
    this.#share.release(client);
    return waiter;
  }
}
