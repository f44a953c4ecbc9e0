import type { Redis } from 'ioredis';
import { digestKey, keyOfIndexed, RESULT_TTL_SECONDS, SAVED } from './results.ts';
import { Script } from './script.ts';

/** ZSET: results by the time they were entered (milliseconds, the server's clock); HASH: their bytes; STRING: bytes of all together. */
const [INDEX, SIZES, BYTES] = ['result:index', 'result:sizes', 'result:bytes'] as const;
const PAGE = 500;

const settle = new Script('results-settle.lua');
const evict = new Script('results-evict.lua');

/** One result in the index. */
export interface IndexedResult {
  name: string;
  jobId: string;
}

/**
 * The index of results, oldest first, and their bytes. Only jobs writes it, from the entries of the services that save results.
 * Nothing walks over the store's keys. Results that were saved by software older than the index are not in it; they expire.
 */
export class ResultIndex {
  readonly #redis: Redis;
  readonly #ttlMs: number;

  constructor(redis: Redis, { ttlSeconds = RESULT_TTL_SECONDS }: { ttlSeconds?: number } = {}) {
    this.#redis = redis;
    this.#ttlMs = ttlSeconds * 1000;
  }

  /** Enters what was saved since, and forgets what has expired. Returns the bytes held. */
  async settle(): Promise<number> {
    for (;;) {
      const [done, bytes] = await settle.run<[number, number]>(this.#redis, [SAVED, INDEX, SIZES, BYTES], [this.#ttlMs, PAGE]);
      if (done < PAGE) return bytes;
    }
  }

  /** A page of the results, the oldest first. */
  async oldest(offset: number, limit: number): Promise<IndexedResult[]> {
    const names = await this.#redis.zrange(INDEX, String(offset), String(offset + limit - 1));
    return names.map((name) => ({ name, jobId: name.slice(0, name.indexOf(':')) }));
  }

  /** Bytes of each result. */
  async sizes(names: readonly string[]): Promise<number[]> {
    return names.length === 0 ? [] : (await this.#redis.hmget(SIZES, ...names)).map(Number);
  }

  /** Deletes results. Returns the bytes held afterwards. */
  evict(names: readonly string[]): Promise<number> {
    const keys = names.map(keyOfIndexed);
    return evict.run<number>(this.#redis, [INDEX, SIZES, BYTES, ...keys, ...keys.map(digestKey)], names);
  }

  async bytes(): Promise<number> {
    return Number((await this.#redis.get(BYTES)) ?? 0);
  }
}
