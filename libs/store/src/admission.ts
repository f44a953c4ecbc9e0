import type { Redis } from 'ioredis';

/** Room the store needs for a load beyond what the first part of it says: fragmentation, hash tables, the log. */
const MARGIN = 1.15;
/** Kept free for everything else the store does. */
const USABLE = 0.9;
const INDEX_BYTES_PER_ROW = 9;

export interface Seen {
  /** bytes of chunks so far, and the rows in them */
  stored: number;
  rows: number;
  /** bytes of the source read so far, and all of them where that is known */
  sourceSeen: number;
  sourceBytes: number | undefined;
}

/** Whether the rest of a load will fit under the store's maxmemory, judged from its first part. Without a limit everything fits. */
export async function admit(redis: Redis, seen: Seen): Promise<{ fits: boolean; needed: number; free: number }> {
  const info = await redis.info('memory');
  const number = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const limit = number('maxmemory');
  const whole = seen.sourceBytes === undefined || seen.sourceSeen === 0 ? 1 : Math.max(1, seen.sourceBytes / seen.sourceSeen);
  const needed = Math.ceil((seen.stored + INDEX_BYTES_PER_ROW * seen.rows) * whole * MARGIN);
  const free = Math.max(0, Math.floor(limit * USABLE) - number('used_memory'));
  return { fits: limit === 0 || needed <= free, needed, free };
}
