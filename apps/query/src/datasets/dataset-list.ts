import { listDatasets } from '@almanac/store';
import type { Redis } from 'ioredis';

/**
 * The ids of all data sets. One walk over the list at a time: requests that come while one runs share the next, so a response is never older
 * than its request and a thousand requests cost two walks.
 */
export class DatasetList {
  readonly #redis: Redis;
  #running: Promise<string[]> | undefined;
  #next: Promise<string[]> | undefined;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  ids(): Promise<string[]> {
    if (this.#running === undefined) return this.#walk();
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#walk();
      });
    return this.#next;
  }

  #walk(): Promise<string[]> {
    const walk = listDatasets(this.#redis).finally(() => {
      if (this.#running === walk) this.#running = undefined;
    });
    this.#running = walk;
    return walk;
  }
}
