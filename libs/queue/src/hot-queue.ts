import type { Redis } from 'ioredis';

/** An element that is not JSON. It has left the list by the time it is seen: `raw` is all there is of it. */
export class UnreadableElement extends Error {
  readonly raw: Buffer;

  constructor(list: string, raw: Buffer, cause: unknown) {
    super(`an element of ${list} is not JSON: ${raw.toString('utf8', 0, 80)}`, { cause });
    this.name = 'UnreadableElement';
    this.raw = raw;
  }
}

/**
 * A queue on a Redis list, as the Python package `hotqueue` with the json serializer keeps it: either side puts, either side gets.
 * At most once: what a consumer took and lost is gone. ReliableQueue, over the same list, loses nothing.
 */
export class HotQueue<T = unknown> {
  readonly key: string;
  readonly #redis: Redis;

  constructor(redis: Redis, name: string) {
    this.#redis = redis;
    this.key = `hotqueue:${name}`;
  }

  /** Puts messages at the tail, all or none. Refuses null: a Python consumer would take it for the end of the queue. */
  async put(...messages: T[]): Promise<void> {
    const elements = messages.map((message) => {
      const text: string | undefined = JSON.stringify(message);
      if (text === undefined || text === 'null') throw new TypeError(`cannot put ${String(message)}: it has no JSON text, or is null`);
      return text;
    });
    if (elements.length > 0) await this.#redis.rpush(this.key, ...elements);
  }

  /**
   * Takes the head; undefined when there is none. With `block`, waits up to `timeout` seconds (0 = for ever) and occupies its
   * connection meanwhile. Throws UnreadableElement. Integers above 2^53 lose digits, as JSON does in JavaScript.
   */
  async get({ block = false, timeout = 0 }: { block?: boolean; timeout?: number } = {}): Promise<T | undefined> {
    if (timeout !== 0 && !(timeout >= 0.01)) throw new RangeError(`a timeout of ${timeout} s: 0 (for ever) or at least 0.01`);
    const raw = block ? (await this.#redis.blpopBuffer(this.key, timeout))?.[1] : await this.#redis.lpopBuffer(this.key);
    if (raw === null || raw === undefined) return undefined;
    try {
      return JSON.parse(raw.toString('utf8')) as T;
    } catch (error) {
      throw new UnreadableElement(this.key, raw, error);
    }
  }

  /** How many elements wait. */
  len(): Promise<number> {
    return this.#redis.llen(this.key);
  }

  async clear(): Promise<void> {
    await this.#redis.del(this.key);
  }
}
