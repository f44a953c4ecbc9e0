import type { Redis } from 'ioredis';
import { reconnect, reviveUnlessClosed } from './settling-connection.ts';

const ANSWERED_WITHIN_MS = 3000;

/**
 * Hears a channel on a connection of its own. Words may be missed (a connection that breaks, a store that is away), so they are hints
 * alone: whoever listens also looks by itself from time to time. A connection on which nothing is said looks the same whether it is
 * alive or not, so the channel is asked for again and again, and the connection is made anew where that is not answered.
 */
export class Hints {
  readonly #redis: Redis;
  readonly #channel: string;
  readonly #asking: NodeJS.Timeout;

  constructor(like: Redis, channel: string, hear: (word: string) => void, askEveryMs = 10_000) {
    this.#channel = channel;
    // The library would ask again by itself when it is connected anew, and end the process where that is not answered: nobody catches it.
    this.#redis = like.duplicate({ lazyConnect: true, autoResubscribe: false, commandTimeout: ANSWERED_WITHIN_MS });
    reviveUnlessClosed(this.#redis);
    this.#redis.on('error', () => {});
    this.#redis.on('message', (_, word: string) => hear(word));
    this.#redis.on('ready', () => this.#ask());
    this.#asking = setInterval(() => this.#ask(), askEveryMs).unref();
    this.#redis.connect().catch(() => {});
  }

  #ask(): void {
    if (this.#redis.status !== 'ready') return;
    this.#redis.subscribe(this.#channel).catch(() => {
      if (this.#redis.status === 'ready') reconnect(this.#redis);
    });
  }

  close(): void {
    clearInterval(this.#asking);
    this.#redis.disconnect();
  }
}
