import { setImmediate as turn } from 'node:timers/promises';

/**
 * Reads that many want at once: all who ask in one turn of the event loop share one, which begins when the turn is over. So nobody is
 * answered with what was read before they asked.
 */
export class CoalescedRead<T> {
  readonly #read: (key: string) => Promise<T>;
  readonly #coming = new Map<string, Promise<T>>();

  constructor(read: (key: string) => Promise<T>) {
    this.#read = read;
  }

  get(key: string): Promise<T> {
    const coming = this.#coming.get(key);
    if (coming !== undefined) return coming;
    const read = this.#afterThisTurn(key);
    this.#coming.set(key, read);
    return read;
  }

  async #afterThisTurn(key: string): Promise<T> {
    await turn();
    this.#coming.delete(key);
    return this.#read(key);
  }
}
