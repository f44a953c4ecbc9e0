/**
 * Reads that many want at once: who asks while one is on its way shares the next, which begins after they asked. So nobody is answered
 * with what was read before, and however many ask, one read follows the other.
 */
export class NextRead<T> {
  readonly #read: (key: string) => Promise<T>;
  readonly #running = new Map<string, Promise<T>>();
  readonly #next = new Map<string, Promise<T>>();

  constructor(read: (key: string) => Promise<T>) {
    this.#read = read;
  }

  get(key: string): Promise<T> {
    const running = this.#running.get(key);
    if (running === undefined) return this.#begin(key);
    const waiting = this.#next.get(key);
    if (waiting !== undefined) return waiting;
    const begin = () => {
      this.#next.delete(key);
      return this.#begin(key);
    };
    const next = running.then(begin, begin);
    this.#next.set(key, next);
    return next;
  }

  #begin(key: string): Promise<T> {
    const read = this.#read(key);
    this.#running.set(key, read);
    const end = () => {
      if (this.#running.get(key) === read) this.#running.delete(key);
    };
    read.then(end, end);
    return read;
  }
}
