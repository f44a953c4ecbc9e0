import type { Redis } from 'ioredis';
import { dataKeys } from './keys.ts';

/** The mark of a loader that died vanishes after this. */
const MARK_MS = 10_000;

/** Does the work with a mark in the store that the data set is being loaded, so that readers who find nothing know to wait. */
export async function markedAsLoading<T>(redis: Redis, id: string, work: () => Promise<T>): Promise<T> {
  const { loading } = dataKeys(id);
  const mark = () => redis.set(loading, '1', 'PX', MARK_MS);
  await mark();
  const beat = setInterval(() => void mark().catch(() => {}), MARK_MS / 4);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    // Where the store is away now, the mark expires by itself.
    await redis.del(loading).catch(() => {});
  }
}

export const isLoading = async (redis: Redis, id: string): Promise<boolean> => (await redis.exists(dataKeys(id).loading)) === 1;
