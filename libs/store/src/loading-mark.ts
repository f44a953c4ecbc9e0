import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { dataKeys } from './keys.ts';

/** The mark of a loader that died vanishes after this. */
const MARK_MS = 10_000;

/**
 * Runs the work with a mark in the store that the data set is being loaded, so that readers of an empty set wait. Each load has
 * a mark of its own: the end of one leaves those of others.
 */
export async function markedAsLoading<T>(redis: Redis, id: string, work: () => Promise<T>): Promise<T> {
  const { loading } = dataKeys(id);
  const own = randomBytes(6).toString('hex');
  const mark = () => redis.multi().sadd(loading, own).pexpire(loading, MARK_MS).exec();
  await mark();
  const beat = setInterval(() => void mark().catch(() => {}), MARK_MS / 4);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    // Where the store is away now, the mark expires by itself.
    await redis.srem(loading, own).catch(() => {});
  }
}

export const isLoading = async (redis: Redis, id: string): Promise<boolean> => (await redis.exists(dataKeys(id).loading)) === 1;
