import { setImmediate as turn } from 'node:timers/promises';

interface Waiting<T, R> {
  items: readonly T[];
  resolve(results: R[]): void;
  reject(error: unknown): void;
}

/**
 * Calls made together, or while one is on its way, travel together in the next: a lone call pays nothing, many at once share one round trip
 * and one script. Each caller gets its own results, or the error of the call it travelled in.
 */
export class Sharing<T, R> {
  readonly #send: (items: readonly T[]) => Promise<R[]>;
  readonly #most: number;
  readonly #waiting: Waiting<T, R>[] = [];
  #isBusy = false;

  constructor(send: (items: readonly T[]) => Promise<R[]>, most: number) {
    this.#send = send;
    this.#most = most;
  }

  do(items: readonly T[]): Promise<R[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, resolve, reject });
      if (!this.#isBusy) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#isBusy = true;
    // Many who waited for the same thing ask in one go.
    await undefined;
    while (this.#waiting.length > 0) {
      const together = this.#next();
      try {
        const results = await this.#send(together.length === 1 ? (together[0]?.items ?? []) : together.flatMap(({ items }) => items));
        let at = 0;
        for (const { items, resolve } of together) {
          resolve(results.slice(at, at + items.length));
          at += items.length;
        }
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
      // Those who were answered may have more: a turn later it travels with what waits, instead of alone before it.
      if (together.length > 1 || this.#waiting.length > 0) await turn();
    }
    this.#isBusy = false;
  }

  #next(): Waiting<T, R>[] {
    let [calls, items] = [0, 0];
    for (const { items: more } of this.#waiting) {
      if (calls > 0 && items + more.length > this.#most) break;
      calls++;
      items += more.length;
    }
    return this.#waiting.splice(0, calls);
  }
}
