import type { Redis } from 'ioredis';
import { dataKeys, generationKeys } from './keys.ts';
import { readManifest } from './manifest.ts';
import { Script } from './script.ts';

/** A deleted set's sequence number is remembered this long. */
const TOMBSTONE_MS = 30 * 24 * 3600 * 1000;
const dropped = 'layout,digest,gen,prevGen,rows,rejected,chunks,buckets,seed,nodes,schema,evidence,title,stored,raw,time,logBytes';

const remove = new Script('delete.lua');

/**
 * Deletes a data set with everything of it. False: there was none, which is no mistake. Its id stays in the list of all ids, where readers
 * pass it over: taken out, it could be missing there for a load that put it in before this and is swapped in after.
 */
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
    if (outcome !== 'CONFLICT') return outcome === 'OK';
  }
}
