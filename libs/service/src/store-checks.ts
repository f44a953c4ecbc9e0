import { inTime, storeProblem, storeTroubleOf } from '@almanac/domain';
import type { Redis } from 'ioredis';
import type { ReadinessCheck } from './health.ts';

const WITHIN_MS = 500;

/** A readiness check: the store replies within half a second. A store that refuses only writes passes, because reads work. */
export const storeCheck = (redis: Redis): ReadinessCheck =>
  checked(redis, async () => {
    await redis.ping().catch((error: unknown) => {
      // While Redis cannot write to its disk, it refuses PING but not reads.
      if (storeTroubleOf(error) !== 'disk') throw error;
    });
  });

/**
 * A readiness check: rejects with the reason while the store refuses writes. Use it as a neighbour (`warn`): a service that cannot write
 * still reads and deletes, and deleting frees memory, so a load balancer must not remove it. `unusedKey` is a key of the service that is
 * never written: deleting it changes nothing, but the store refuses it like any write.
 */
export const writesCheck = (redis: Redis, unusedKey: string): ReadinessCheck =>
  checked(redis, async () => {
    const [memory] = await Promise.all([redis.info('memory'), redis.del(unusedKey)]).catch((error: unknown) => {
      const trouble = storeTroubleOf(error);
      throw trouble === undefined ? error : new Error(`${storeProblem(trouble).message.split('. ')[0]}.`);
    });
    refuseFull(memory);
  });

/** A full store allows deletions, so fullness is read from INFO memory, as the server computes it. */
function refuseFull(memory: string): void {
  const bytes = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(memory)?.[1] ?? 0);
  const [limit, used] = [bytes('maxmemory'), bytes('used_memory') - bytes('mem_not_counted_for_evict')];
  if (limit === 0 || used < limit) return;
  throw new Error(
    `The store refuses writes: it is full (${used.toLocaleString('en')} of ${limit.toLocaleString('en')} bytes of maxmemory).`,
  );
}

const checked = (redis: Redis, check: () => Promise<void>) => async (): Promise<void> => {
  if (redis.status !== 'ready') throw new Error(`the connection is ${redis.status}`);
  await inTime(check(), WITHIN_MS, () => new Error(`no response within ${WITHIN_MS} ms`));
};
