import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Reject } from '@almanac/domain';
import type { Redis } from 'ioredis';
import { dataKeys } from './keys.ts';

/** Rows kept apart are stored in blocks of this many, each block NDJSON in zstd. */
export const REJECTS_PER_BLOCK = 500;

export const encodeRejects = (rejects: readonly Reject[]): Buffer =>
  zstdCompressSync(rejects.map((reject) => JSON.stringify(reject)).join('\n'));

/**
 * Rows of the last load that were kept apart, from `offset` on: at most `limit`, and no more than fit into `mostBytes` as JSON (at least
 * one). Reads the blocks it needs, one after the other.
 */
export async function readRejects(
  redis: Redis,
  id: string,
  gen: string,
  offset: number,
  limit: number,
  mostBytes = Number.POSITIVE_INFINITY,
): Promise<Reject[]> {
  const found: Reject[] = [];
  let bytes = 0;
  for (let at = offset; at < offset + limit; ) {
    const block = Math.floor(at / REJECTS_PER_BLOCK);
    const [blob] = await redis.lrangeBuffer(dataKeys(id, gen).rejects, block, block);
    if (blob === undefined) break;
    const lines = zstdDecompressSync(blob).toString().split('\n');
    for (const line of lines.slice(at % REJECTS_PER_BLOCK, (at % REJECTS_PER_BLOCK) + offset + limit - at)) {
      bytes += Buffer.byteLength(line);
      if (found.length > 0 && bytes > mostBytes) return found;
      found.push(JSON.parse(line) as Reject);
    }
    at = (block + 1) * REJECTS_PER_BLOCK;
  }
  return found;
}
