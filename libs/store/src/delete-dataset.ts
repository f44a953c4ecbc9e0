import type { Redis } from 'ioredis';
import { dataKeys, generationKeys, LIST_KEY } from './keys.ts';
import { droppedFields, present, readManifest } from './manifest.ts';
import { Script } from './script.ts';

/** A deleted set's sequence number is remembered this long. */
const TOMBSTONE_MS = 30 * 24 * 3600 * 1000;

const remove = new Script('delete.lua');

/** Ids of the list that one deletion looks at, to take out those that older versions left there. */
const LOOKED_AT = 50;

/** Deletes a data set with everything of it, its id in the list of all ids too. False: there was none, which is no mistake. */
export async function deleteDataset(redis: Redis, id: string): Promise<boolean> {
  for (;;) {
    const manifest = await readManifest(redis, id);
    if (manifest === undefined) return false;
    const { gen, prevGen } = manifest;
    const keys = dataKeys(id);
    const [outcome] = await remove.run(
      redis,
      [keys.manifest, keys.log, ...generationKeys(id, gen), ...generationKeys(id, prevGen)],
      [gen, prevGen, TOMBSTONE_MS, droppedFields.join()],
    );
    if (outcome === 'CONFLICT') continue;
    await forget(redis, id);
    return outcome === 'OK';
  }
}

/**
 * Takes an id out of the list, and some others that name nothing. A load puts its id into the list before and after it is swapped in; one
 * that is swapped in between the two looks here is put back by the second.
 */
async function forget(redis: Redis, id: string): Promise<void> {
  const listed = await redis.smembers(LIST_KEY);
  const from = Math.floor(Math.random() * listed.length);
  const some = [...new Set([id, ...listed.slice(from, from + LOOKED_AT)])];
  const live = new Set(await present(redis, some));
  const dead = some.filter((one) => !live.has(one));
  if (dead.length === 0) return;
  await redis.srem(LIST_KEY, ...dead);
  const back = await present(redis, dead);
  if (back.length > 0) await redis.sadd(LIST_KEY, ...back);
}
