import { ChannelListener } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';

type OnChange = (ids: readonly string[]) => void;

/**
 * Reports which jobs changed. All subscribers share one connection per channel; without subscribers there is none. Messages are hints: some
 * may be lost, so a subscriber must also look by itself from time to time.
 */
export class ChangeFeed {
  readonly #redis: Redis;
  readonly #subscribers = new Set<OnChange>();
  readonly #channels = new Set<string>();
  #listeners: ChannelListener[] = [];

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Adds a channel. */
  add(channel: string): void {
    this.#channels.add(channel);
    if (this.#listeners.length > 0) this.#listeners.push(this.#listen(channel));
  }

  /** Calls `onChange` with the ids of changed jobs. Returns a function that ends the subscription. */
  subscribe(onChange: OnChange): () => void {
    this.#subscribers.add(onChange);
    if (this.#listeners.length === 0) this.#listeners = [...this.#channels].map((channel) => this.#listen(channel));
    return () => {
      this.#subscribers.delete(onChange);
      if (this.#subscribers.size > 0) return;
      for (const listener of this.#listeners) listener.close();
      this.#listeners = [];
    };
  }

  #listen(channel: string): ChannelListener {
    return new ChannelListener(this.#redis, channel, (message) => {
      const ids = message.split(' ');
      for (const onChange of this.#subscribers) onChange(ids);
    });
  }
}
