import { storeMemory } from '@almanac/store';
import type { FastifyBaseLogger } from 'fastify';
import type { Redis } from 'ioredis';

/** Logs once that loads cannot be judged before they fill the store, if it has no maxmemory. */
export async function warnIfUnlimited(redis: Redis, log: FastifyBaseLogger): Promise<void> {
  // If the store is away now, the service is not ready either, which says more.
  const memory = await storeMemory(redis).catch(() => undefined);
  if (memory?.limit === 0) log.warn('the store has no maxmemory: whether a load will fit is not checked; set maxmemory and noeviction');
}
