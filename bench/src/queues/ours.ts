import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type HeldJob, type JobEnd, ReliableQueue, silent, Worker } from '@almanac/hotqueue';
import { connectRedis, createLogger } from '@almanac/service';
import type { Redis } from 'ioredis';
import { must, type OpenSide, payloadOf, type Side, type StoreAddress, signal, type Working } from './side.ts';

export const QUEUE = 'bench';
const logger = createLogger('bench', 'error');

/** Connects exactly as the services do. */
export async function connect(store: StoreAddress, blocking = false): Promise<Redis> {
  const redis = connectRedis('queue', { REDIS_URL: store.url }, { logger, blocking });
  await once(redis, 'ready');
  return redis;
}

const payload = (job: number) => JSON.stringify(payloadOf(job));
const jobIn = ({ payload }: HeldJob): number => (JSON.parse(payload) as { job: number }).job;

/** libs/queue as the services use it: records, index, fencing, beats, progress hints; nothing is left out. */
export const ours: Side = {
  name: 'ours',
  work: (store, concurrency, handle) => worker(store, concurrency, (held) => handle(jobIn(held))),
  async open(store): Promise<OpenSide> {
    const redis = await connect(store);
    await redis.flushdb();
    const queue = new ReliableQueue(redis, QUEUE);
    return {
      async fill(count, batch) {
        for (let from = 0; from < count; from += batch) {
          await queue.enqueueAll(
            Array.from({ length: Math.min(batch, count - from) }, (_, i) => ({ id: randomUUID(), payload: payload(from + i) })),
          );
        }
      },
      add: (job, delayMs) => queue.enqueue(randomUUID(), payload(job), delayMs === undefined ? {} : { delayMs }),
      work: (concurrency, handle) => ours.work(store, concurrency, handle),
      async check(complete, waiting) {
        const counts = await queue.counts();
        const { queued, active } = counts;
        const waits = await queue.depth();
        must(counts.complete === complete && queued === waiting && waits === waiting && active === 0, JSON.stringify({ ...counts, waits }));
      },
      async close() {
        queue.close();
        redis.disconnect();
      },
    };
  },
};

/** A worker of our queue, for scenarios that need more of a job than its number. */
export async function worker(store: StoreAddress, concurrency: number, handle: (job: HeldJob) => unknown): Promise<Working> {
  const [redis, blocking] = [await connect(store), await connect(store, true)];
  let worked = 0;
  let expected = Number.POSITIVE_INFINITY;
  const all = signal();
  const made = new Worker({
    redis,
    blocking,
    queue: QUEUE,
    logger: silent,
    concurrency,
    async handle(job): Promise<JobEnd> {
      await handle(job);
      if (++worked >= expected) all.say();
      return { state: 'complete', note: '{}' };
    },
  });
  const stop = async () => {
    await made.stop();
    redis.disconnect();
  };
  return {
    name: () => made.name,
    start: () => void made.start(),
    async ended(count) {
      expected = count;
      if (worked < count) await all.heard;
      await made.stop(); // a worker has stopped when the store has confirmed every end
    },
    stop,
  };
}
