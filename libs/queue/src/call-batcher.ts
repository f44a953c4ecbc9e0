import { setImmediate as turn } from 'node:timers/promises';

interface Waiting<T, R> {
  items: readonly T[];
  resolve(results: R[]): void;
  reject(error: unknown): void;
}

/**
 * Sends calls in batches. Calls that are made at the same time, or while one is in flight, are sent together in the next: a single call is
 * sent at once, many share one round trip and one script. Each caller gets its own results, or the error of its batch.
 */
export class CallBatcher<T, R> {
  readonly #send: (items: readonly T[]) => Promise<R[]>;
  readonly #maxItems: number;
  readonly #waiting: Waiting<T, R>[] = [];
  #isBusy = false;

  constructor(send: (items: readonly T[]) => Promise<R[]>, maxItems: number) {
    this.#send = send;
    this.#maxItems = maxItems;
  }

  call(items: readonly T[]): Promise<R[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, resolve, reject });
      if (!this.#isBusy) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#isBusy = true;
    // Callers that waited for the same event call in the same turn.
    await undefined;
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      try {
        const results = await this.#send(batch.length === 1 ? (batch[0]?.items ?? []) : batch.flatMap(({ items }) => items));
        let at = 0;
        for (const { items, resolve } of batch) {
          resolve(results.slice(at, at + items.length));
          at += items.length;
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      // The callers may call again at once. A turn later those calls go into the same batch as the waiting ones.
      if (batch.length > 1 || this.#waiting.length > 0) await turn();
    }
    this.#isBusy = false;
  }

  #nextBatch(): Waiting<T, R>[] {
    let [calls, items] = [0, 0];
    for (const { items: more } of this.#waiting) {
      if (calls > 0 && items + more.length > this.#maxItems) break;
      calls++;
      items += more.length;
    }
    return this.#waiting.splice(0, calls);
  }
}
