import type { Redis } from 'ioredis';
import { dataKeys, generationKeys, LIST_KEY } from './keys.ts';
import { readManifest } from './manifest.ts';
import { Script } from './script.ts';

/** A deleted set's sequence number is remembered this long. */
const TOMBSTONE_MS = 30 * 24 * 3600 * 1000;
const dropped = 'layout,digest,gen,prevGen,rows,rejected,chunks,buckets,seed,nodes,schema,evidence,title,stored,raw,time,logBytes';

const remove = new Script('delete.lua');

/** Deletes a data set with everything of it. False: there was none, which is no mistake. */
export async function deleteDataset(redis: Redis, id: string): Promise<boolean> {
  for (;;) {
    const manifest = await readManifest(redis, id);
    if (manifest === undefined) return false;
    const { gen, prevGen } = manifest;
    const keys = dataKeys(id);
    const [outcome] = await remove.run(
      redis,
      [keys.manifest, keys.log, ...generationKeys(id, gen), ...generationKeys(id, prevGen)],
      [gen, prevGen, TOMBSTONE_MS, dropped],
    );
    if (outcome === 'CONFLICT') continue;
    await redis.srem(LIST_KEY, id);
    return true;
  }
}
