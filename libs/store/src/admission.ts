import type { Redis } from 'ioredis';

/** Room the store needs for a load beyond the estimate from its first part: fragmentation, hash tables, the log. */
const MARGIN = 1.15;
/** Kept free for everything else the store does. */
const USABLE = 0.9;
const INDEX_BYTES_PER_ROW = 9;
/** A load is judged again after it has written this, or a quarter of the free bytes. */
const STEP_BYTES = 16 << 20;

export interface Seen {
  /** bytes of chunks so far, written or not, and the rows in them */
  stored: number;
  rows: number;
  /** bytes of the source read so far, and all of them if that is known */
  sourceSeen: number;
  sourceBytes: number | undefined;
  /** whether the source has ended */
  isLast: boolean;
}

export interface Judgement {
  fits: boolean;
  /** bytes that are still to be written, and those there is room for */
  needed: number;
  free: number;
}

/** The loads of this process; each reserves the bytes that it is still expected to write. */
const running = new Set<Admission>();

/** Estimates repeatedly while a load runs whether the rest of it fits under the store's maxmemory. Without maxmemory, everything fits. */
export class Admission {
  #expected = 0;
  #written = 0;
  #judgeAt = 0;
  #isJudged = false;

  get isDue(): boolean {
    return !this.#isJudged || this.#written >= this.#judgeAt;
  }

  wrote(bytes: number): void {
    this.#written += bytes;
  }

  get #remaining(): number {
    return Math.max(0, this.#expected - this.#written);
  }

  async judge(redis: Redis, seen: Seen): Promise<Judgement> {
    const { limit, used } = await storeMemory(redis);
    this.#expected = this.#expectation(seen);
    running.add(this);
    let reserved = 0;
    for (const other of running) if (other !== this) reserved += other.#remaining;
    const needed = this.#remaining;
    const free = Math.max(0, Math.floor(limit * USABLE) - used - reserved);
    const fits = limit === 0 || needed <= free;
    this.#judgeAt = this.#written + Math.min(STEP_BYTES, Math.ceil(free / 4));
    if (limit === 0) this.#judgeAt = this.#written + STEP_BYTES;
    this.#isJudged = true;
    if (!fits) this.release();
    return { fits, needed, free };
  }

  /** If the length of the source is unknown, one more step is expected once the first is written. */
  #expectation({ stored, rows, sourceSeen, sourceBytes, isLast }: Seen): number {
    const now = Math.ceil((stored + INDEX_BYTES_PER_ROW * rows) * MARGIN);
    if (isLast) return now;
    if (sourceBytes === undefined || sourceSeen === 0) return this.#isJudged ? now + Math.min(STEP_BYTES, now) : now;
    return Math.ceil(now * Math.max(1, sourceBytes / sourceSeen));
  }

  /** The load has ended. */
  release(): void {
    running.delete(this);
  }
}

/** The store's maxmemory (0: no limit) and what it uses, in bytes. */
export async function storeMemory(redis: Redis): Promise<{ limit: number; used: number }> {
  const info = await redis.info('memory');
  const number = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  return { limit: number('maxmemory'), used: number('used_memory') };
}
