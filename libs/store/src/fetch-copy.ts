import type { Redis } from 'ioredis';
import { Chunk, type OpenChunks } from './chunk.ts';
import { dataKeys } from './keys.ts';
import type { Manifest } from './manifest.ts';
import { ReadCopy } from './read-copy.ts';
import { rowView } from './typed-rows.ts';

const CHUNKS_PER_READ = 256;
const BUCKETS_PER_READ = 512;

/** Reads a whole generation; undefined where part of it is gone (it was replaced and dropped meanwhile). */
export async function fetchCopy(redis: Redis, manifest: Manifest, opened: OpenChunks): Promise<ReadCopy | undefined> {
  const keys = dataKeys(manifest.id, manifest.gen);
  const [blobs, index] = await Promise.all([
    fields(redis, keys.chunks, manifest.chunks, CHUNKS_PER_READ),
    fields(redis, keys.index, manifest.buckets, BUCKETS_PER_READ),
  ]);
  const view = rowView(manifest.schema);
  const chunks: Chunk[] = [];
  for (const blob of blobs) {
    if (blob === null) return undefined;
    chunks.push(new Chunk(blob, view, opened));
  }
  if (index.some((bucket) => bucket === null)) return undefined;
  return new ReadCopy(manifest, chunks, index as Buffer[]);
}

/** The fields 0 .. count-1 of a hash. */
async function fields(redis: Redis, key: string, count: number, perRead: number): Promise<(Buffer | null)[]> {
  const parts: Promise<(Buffer | null)[]>[] = [];
  for (let from = 0; from < count; from += perRead) {
    const names = Array.from({ length: Math.min(perRead, count - from) }, (_, i) => String(from + i));
    parts.push(redis.hmgetBuffer(key, ...names));
  }
  return (await Promise.all(parts)).flat();
}
