import { type StoreTrouble, storeProblem, storeTroubleOf } from '@almanac/domain';
import { Redis } from 'ioredis';
import type { RedisEnv } from './config.ts';
import type { Logger } from './logger.ts';
import { type RedisRole, redisOptions } from './redis-address.ts';
import { renewTls } from './redis-tls.ts';
import { renewWhenSilent } from './silence.ts';

export interface ConnectOptions {
  logger: Logger;
  /** for blocking reads (BLMOVE): no limit on the time until a reply */
  blocking?: boolean;
  /** a non-blocking connection that gets no reply for this time reconnects; default 10,000 ms */
  silentAfterMs?: number;
}

/**
 * A connection to the store. It reconnects forever (every 50 to 500 ms). A command that cannot be sent or whose reply was lost fails at once,
 * so that a route returns 503 instead of hanging. No command is sent twice (`autoResendUnfulfilledCommands: false`).
 */
export function connectRedis(role: RedisRole, env: RedisEnv, { logger, blocking = false, silentAfterMs = 10_000 }: ConnectOptions): Redis {
  const address = redisOptions(role, env);
  const { tls } = address;
  const redis = new Redis({
    ...address,
    connectionName: `almanac-${role}${blocking ? '-blocking' : ''}`,
    protocol: 2,
    enableReadyCheck: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    retryStrategy: (tries: number) => Math.min(500, 50 * tries),
  });
  if (!blocking) renewWhenSilent(redis, silentAfterMs);
  if (tls !== undefined) redis.on('close', () => renewTls(tls, env));
  let isDown = false;
  redis.on('error', (error) => {
    if (!isDown) logger.warn({ role, err: error.message }, 'redis connection lost');
    isDown = true;
  });
  redis.on('ready', () => {
    if (isDown) logger.info({ role }, 'redis connection restored');
    isDown = false;
  });
  return redis;
}

/** Whether an error comes from the store or the connection to it, not from other code with a similar message. */
const isOfStore = (error: Error): boolean =>
  ['ReplyError', 'MaxRetriesPerRequestError', 'LostReply'].includes(error.name) ||
  'syscall' in error ||
  error.stack?.includes('ioredis') === true;

const troubleOf = (error: unknown): StoreTrouble | undefined =>
  error instanceof Error && isOfStore(error) ? storeTroubleOf(error) : undefined;

/** Whether an error means that the store is unavailable (the request can be retried), not that the request is invalid. */
export const isStoreDown = (error: unknown): boolean => ![undefined, 'full'].includes(troubleOf(error));

/** The problem for an error of a store call; any other error unchanged. */
export function asStoreProblem(error: unknown): unknown {
  const trouble = troubleOf(error);
  return trouble === undefined ? error : storeProblem(trouble, error);
}
