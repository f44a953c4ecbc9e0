import { ChannelListener } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';

type Hear = (ids: readonly string[]) => void;

/**
 * Hears which jobs changed, on one connection for everybody who listens, and on none when nobody does. What is heard are hints: some may
 * be missed, so a listener also looks by itself from time to time.
 */
export class Changes {
  readonly #redis: Redis;
  readonly #listeners = new Set<Hear>();
  readonly #channels = new Set<string>();
  #open: ChannelListener[] = [];

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Hears this channel too. */
  add(channel: string): void {
    this.#channels.add(channel);
    if (this.#open.length > 0) this.#open.push(this.#listener(channel));
  }

  /** Calls `hear` with the ids of jobs that changed, until the function it returns is called. */
  listen(hear: Hear): () => void {
    this.#listeners.add(hear);
    if (this.#open.length === 0) this.#open = [...this.#channels].map((channel) => this.#listener(channel));
    return () => {
      this.#listeners.delete(hear);
      if (this.#listeners.size > 0) return;
      for (const hints of this.#open) hints.close();
      this.#open = [];
    };
  }

  #listener(channel: string): ChannelListener {
    return new ChannelListener(this.#redis, channel, (words) => {
      const ids = words.split(' ');
      for (const hear of this.#listeners) hear(ids);
    });
  }
}
