import { type StoreTrouble, storeProblem, storeTroubleOf } from '@almanac/domain';
import { Redis } from 'ioredis';
import type { RedisEnv } from './config.ts';
import type { Logger } from './logger.ts';
import { type RedisRole, redisOptions } from './redis-address.ts';
import { renewTls } from './redis-tls.ts';
import { renewWhenSilent } from './silence.ts';

export interface ConnectOptions {
  logger: Logger;
  /** blocking reads (BLMOVE) need a connection of their own, without a limit on how long an answer takes */
  blocking?: boolean;
  /** milliseconds without an answer after which a connection that is not for blocking reads is made anew; default 10,000 */
  silentAfterMs?: number;
}

/**
 * One connection with one policy. It never ends the process: it reconnects for ever (50-500 ms apart), and a command
 * that cannot be sent or whose answer was lost fails at once, so that a route answers 503 instead of hanging.
 * Nothing is sent twice behind the caller's back (`autoResendUnfulfilledCommands: false`).
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
    if (!isDown) logger.warn({ role, err: error.message }, 'the store is out of reach');
    isDown = true;
  });
  redis.on('ready', () => {
    if (isDown) logger.info({ role }, 'the store is back');
    isDown = false;
  });
  return redis;
}

/** Whether an error comes from the store or from the connection to it, not from other code with a similar text. */
const isOfStore = (error: Error): boolean =>
  ['ReplyError', 'MaxRetriesPerRequestError', 'LostReply'].includes(error.name) ||
  'syscall' in error ||
  error.stack?.includes('ioredis') === true;

const troubleOf = (error: unknown): StoreTrouble | undefined =>
  error instanceof Error && isOfStore(error) ? storeTroubleOf(error) : undefined;

/** Whether an error says that the store is unavailable (the request may be repeated) rather than that the request is wrong. */
export const isStoreDown = (error: unknown): boolean => ![undefined, 'full'].includes(troubleOf(error));

/** An error from a store call as a problem that a client understands; any other error unchanged. */
export function asStoreProblem(error: unknown): unknown {
  const trouble = troubleOf(error);
  return trouble === undefined ? error : storeProblem(trouble, error);
}
