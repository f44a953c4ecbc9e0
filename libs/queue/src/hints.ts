import type { Redis } from 'ioredis';

/**
 * Hears a channel on a connection of its own. Words may be missed (a connection that breaks, a store that is away), so they are hints
 * alone: whoever listens also looks by itself from time to time.
 */
export class Hints {
  readonly #redis: Redis;

  constructor(like: Redis, channel: string, hear: (word: string) => void) {
    this.#redis = like.duplicate({ lazyConnect: true, enableOfflineQueue: true, maxRetriesPerRequest: null, autoResubscribe: true });
    this.#redis.on('error', () => {});
    this.#redis.on('message', (_, word: string) => hear(word));
    this.#redis.subscribe(channel).catch(() => {});
  }

  close(): void {
    this.#redis.disconnect();
  }
}
