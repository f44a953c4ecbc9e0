import { storeMemory } from '@almanac/store';
import type { FastifyBaseLogger } from 'fastify';
import type { Redis } from 'ioredis';

/** Logs a warning if the store has no maxmemory: then a load that is too large is only noticed when the store is full. */
export async function warnIfUnlimited(redis: Redis, log: FastifyBaseLogger): Promise<void> {
  // An unavailable store is reported by readiness.
  const memory = await storeMemory(redis).catch(() => undefined);
  if (memory?.limit === 0) log.warn('store has no maxmemory: room for loads is not checked; set maxmemory and maxmemory-policy noeviction');
}
