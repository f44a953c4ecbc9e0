import type { Redis } from 'ioredis';
import { reconnect, reviveUnlessClosed } from './settling-connection.ts';

const REPLY_WITHIN_MS = 3000;

/**
 * Listens to a channel on a connection of its own. Messages may be lost (a connection that breaks, a store that is unavailable), so they are
 * hints only: the listener must also look by itself from time to time. A silent connection looks the same whether it is alive or not, so
 * this subscribes again at intervals, and reconnects if no reply comes.
 */
export class ChannelListener {
  readonly #redis: Redis;
  readonly #channel: string;
  readonly #timer: NodeJS.Timeout;

  constructor(like: Redis, channel: string, onMessage: (message: string) => void, subscribeEveryMs = 10_000) {
    this.#channel = channel;
    // The client's own resubscription has no error handler: without a reply it would end the process.
    this.#redis = like.duplicate({ lazyConnect: true, autoResubscribe: false, commandTimeout: REPLY_WITHIN_MS });
    reviveUnlessClosed(this.#redis);
    this.#redis.on('error', () => {});
    this.#redis.on('message', (_, message: string) => onMessage(message));
    this.#redis.on('ready', () => this.#subscribe());
    this.#timer = setInterval(() => this.#subscribe(), subscribeEveryMs).unref();
    this.#redis.connect().catch(() => {});
  }

  #subscribe(): void {
    if (this.#redis.status !== 'ready') return;
    this.#redis.subscribe(this.#channel).catch(() => {
      if (this.#redis.status === 'ready') reconnect(this.#redis);
    });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#redis.disconnect();
  }
}
