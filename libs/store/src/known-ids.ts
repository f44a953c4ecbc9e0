import { readLimits } from '@almanac/domain';
import type { Redis } from 'ioredis';
import { LIST_KEY } from './keys.ts';
import { present } from './manifest.ts';

/** The list of ids is read again after this long. */
const FRESH_MS = 2_000;

/** Ids for the error about a data set that does not exist: at most as many as it compares, and read at most every few seconds. */
export class KnownIds {
  readonly #redis: Redis;
  #ids: Promise<string[]> = Promise.resolve([]);
  #until = 0;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async some(): Promise<string[]> {
    if (Date.now() >= this.#until) {
      this.#until = Date.now() + FRESH_MS;
      this.#ids = this.#redis
        .smembers(LIST_KEY)
        .then((ids) => present(this.#redis, ids.sort().slice(0, readLimits.suggestionCandidates.value)));
      this.#ids.catch(() => {
        this.#until = 0;
      });
    }
    return this.#ids;
  }
}
