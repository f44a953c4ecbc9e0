import type { TestRedis } from '@almanac/testkit';
import type { Redis } from 'ioredis';
import { payloadOf } from '../queues/side.ts';

const [LIST, TAKEN, CHANNEL] = ['list', 'taken', 'channel'];
const payload = (job: number) => JSON.stringify(payloadOf(job));

/** The floor: Redis lists through ioredis with nothing around them, so nothing survives a crash and no job has a status. */
export class RawRedis {
  readonly #store: TestRedis;
  readonly #redis: Redis;

  constructor(store: TestRedis) {
    this.#store = store;
    this.#redis = store.connect(2);
  }

  async empty(): Promise<void> {
    await this.#redis.flushdb();
  }

  async fill(count: number, batch: number): Promise<void> {
    for (let from = 0; from < count; from += batch) {
      await this.#redis.rpush(LIST, ...Array.from({ length: Math.min(batch, count - from) }, (_, i) => payload(from + i)));
    }
  }

  add(job: number): Promise<number> {
    return this.#redis.rpush(LIST, payload(job));
  }

  /** Takes and acknowledges one after the other. */
  async drain(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const job = (await this.#redis.blmove(LIST, TAKEN, 'LEFT', 'RIGHT', 1)) as string;
      await this.#redis.lrem(TAKEN, 1, job);
    }
  }

  /** Milliseconds from each push to its pop by a connection that waits for it. */
  async latencies(count: number, pause: () => Promise<unknown>): Promise<number[]> {
    const waiting = this.#store.connect(2);
    const times: number[] = [];
    for (let job = 0; job < count; job++) {
      const taken = waiting.blmove(LIST, TAKEN, 'LEFT', 'RIGHT', 2).then(() => performance.now());
      await pause();
      const started = performance.now();
      void this.add(job);
      times.push((await taken) - started);
    }
    waiting.disconnect();
    return times;
  }

  /** Milliseconds from each message to its hearing by another connection. */
  async messages(count: number): Promise<number[]> {
    const listening: Redis = this.#store.connect(2);
    await listening.subscribe(CHANNEL);
    const times: number[] = [];
    for (let i = 0; i < count; i++) {
      const heard = new Promise<number>((resolve) => listening.once('message', () => resolve(performance.now())));
      const started = performance.now();
      void this.#redis.publish(CHANNEL, String(i));
      times.push((await heard) - started);
    }
    listening.disconnect();
    return times;
  }
}
