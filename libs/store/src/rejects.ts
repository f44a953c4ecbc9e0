import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Reject } from '@almanac/domain';
import type { Redis } from 'ioredis';
import { dataKeys } from './keys.ts';

/** Rows kept apart are stored in blocks of this many, each block NDJSON in zstd. */
export const REJECTS_PER_BLOCK = 500;

export const encodeRejects = (rejects: readonly Reject[]): Buffer =>
  zstdCompressSync(rejects.map((reject) => JSON.stringify(reject)).join('\n'));

/** Rows of the last load that were kept apart, from `offset` on; reads only the blocks it needs. */
export async function readRejects(redis: Redis, id: string, gen: string, offset: number, limit: number): Promise<Reject[]> {
  const first = Math.floor(offset / REJECTS_PER_BLOCK);
  const last = Math.floor((offset + limit - 1) / REJECTS_PER_BLOCK);
  const blocks = await redis.lrangeBuffer(dataKeys(id, gen).rejects, first, last);
  const rejects = blocks.flatMap((block) =>
    zstdDecompressSync(block)
      .toString()
      .split('\n')
      .map((line) => JSON.parse(line) as Reject),
  );
  return rejects.slice(offset - first * REJECTS_PER_BLOCK, offset - first * REJECTS_PER_BLOCK + limit);
}
