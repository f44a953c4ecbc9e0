import type { Redis } from 'ioredis';
import { Chunk, type CopyState } from './chunk.ts';
import { dataKeys } from './keys.ts';
import type { Manifest } from './manifest.ts';
import { copyBytes, ReadCopy } from './read-copy.ts';
import type { ReadMemory } from './read-memory.ts';
import { rowView } from './typed-rows.ts';

/** Maximum number of fields of one reply of the store, and its intended bytes. */
const FIELDS_PER_READ = 512;
const BYTES_PER_READ = 4 << 20;
/** Replies that are awaited at the same time. */
const IN_FLIGHT = 2;

/**
 * Reads a whole generation; undefined if part of it is gone (it was replaced and dropped meanwhile). The budget has made room for it
 * when the first byte is read, and counts the copy from then on. Throws 503 if there is no room.
 */
export async function fetchCopy(redis: Redis, manifest: Manifest, memory: ReadMemory): Promise<ReadCopy | undefined> {
  const room = memory.reserve(copyBytes(manifest));
  try {
    const { id, gen, chunks: count, stored, buckets, rows } = manifest;
    const keys = dataKeys(id, gen);
    const blobs = await fields(redis, keys.chunks, count, stored);
    const index = blobs === undefined ? undefined : await fields(redis, keys.index, buckets, 9 * rows);
    if (blobs === undefined || index === undefined) return undefined;
    const state: CopyState = { memory, isDropped: false };
    const view = rowView(manifest.schema);
    return new ReadCopy(
      manifest,
      blobs.map((blob) => new Chunk(blob, view, state)),
      index,
      state,
    );
  } finally {
    room.release();
  }
}

/** The fields 0 .. count-1 of a hash, `bytes` in total; undefined if one is missing. */
async function fields(redis: Redis, key: string, count: number, bytes: number): Promise<Buffer[] | undefined> {
  const perRead = Math.max(1, Math.min(FIELDS_PER_READ, Math.floor((BYTES_PER_READ * count) / Math.max(1, bytes))));
  const found: Buffer[] = [];
  const reads: Promise<(Buffer | null)[]>[] = [];
  for (let next = 0; next < count || reads.length > 0; ) {
    while (next < count && reads.length < IN_FLIGHT) {
      const names = Array.from({ length: Math.min(perRead, count - next) }, (_, i) => String(next + i));
      reads.push(redis.hmgetBuffer(key, ...names));
      next += names.length;
    }
    const reply = await (reads.shift() as Promise<(Buffer | null)[]>).catch((error: unknown) => {
      for (const read of reads) read.catch(() => {});
      throw error;
    });
    if (reply.includes(null)) {
      for (const read of reads) read.catch(() => {});
      return undefined;
    }
    found.push(...packed(reply as Buffer[]));
  }
  return found;
}

/**
 * The same bytes in one block of their own. As the client hands them out they are parts of the buffers the socket was read into: a few
 * hundred bytes would keep 64 KB alive.
 */
function packed(parts: readonly Buffer[]): Buffer[] {
  const block = Buffer.allocUnsafeSlow(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  return parts.map((part) => {
    part.copy(block, at);
    at += part.length;
    return block.subarray(at - part.length, at);
  });
}
