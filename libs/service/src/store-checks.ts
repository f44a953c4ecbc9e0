import { inTime, storeProblem, storeTroubleOf } from '@almanac/domain';
import type { Redis } from 'ioredis';
import type { ReadinessCheck } from './health.ts';

const WITHIN_MS = 500;

/** A readiness check: the store replies within half a second. A store that refuses writes alone passes, since reads work. */
export const storeCheck = (redis: Redis): ReadinessCheck =>
  checked(redis, async () => {
    await redis.ping().catch((error: unknown) => {
      // Redis refuses PING, and no read, while it cannot write to its disk.
      if (storeTroubleOf(error) !== 'disk') throw error;
    });
  });

/**
 * A check for /readyz: rejects with the reason while the store refuses writes. Report it as a neighbour (`warn`): a service that cannot
 * write still reads and deletes, and deleting is what makes room, so no load balancer must take it away.
 * `unusedKey` is a key of the service's own that is never written: deleting it changes nothing, and the store refuses it as any write.
 */
export const writesCheck = (redis: Redis, unusedKey: string): ReadinessCheck =>
  checked(redis, async () => {
    const [memory] = await Promise.all([redis.info('memory'), redis.del(unusedKey)]).catch((error: unknown) => {
      const trouble = storeTroubleOf(error);
      throw trouble === undefined ? error : new Error(`${storeProblem(trouble).message.split('. ')[0]}.`);
    });
    refuseFull(memory);
  });

/** Deleting is allowed in a full store, so what is full is read from INFO, as the server counts it itself. */
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
