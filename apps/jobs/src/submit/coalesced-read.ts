import { setImmediate as turn } from 'node:timers/promises';

/**
 * Shares one read among all calls of one turn of the event loop. The read begins after the turn, so no call gets a value that was read
 * before it.
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
