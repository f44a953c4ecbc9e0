import { ProblemError, storeUnavailable } from '@almanac/domain';
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

const lost =
  /^the reply was lost|Stream isn't writeable|Connection is closed|Command aborted due to connection close|max retries per request|Command timed out|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|connect ETIMEDOUT|^LOADING|^MASTERDOWN|^READONLY|^CLUSTERDOWN|^MISCONF|^UNBLOCKED/;

/** Whether an error says that the store is away (the request may be tried again) rather than that the request is wrong. */
export const isStoreDown = (error: unknown): boolean => {
  if (!(error instanceof Error) || error instanceof ProblemError) return false;
  const isRedis =
    error.name === 'ReplyError' ||
    error.name === 'MaxRetriesPerRequestError' ||
    error.name === 'LostReply' ||
    error.stack?.includes('ioredis') === true;
  return lost.test(error.message) && (isRedis || 'syscall' in error);
};

/** An error from a store call as a problem a client understands; anything else as it was. */
export function asStoreProblem(error: unknown): unknown {
  if (isStoreDown(error)) return storeUnavailable(error);
  if (error instanceof Error && error.message.startsWith('OOM ')) {
    return new ProblemError('store-full', 'The store has no room left (its maxmemory is reached). Delete data sets or raise maxmemory.', {
      cause: error,
    });
  }
  return error;
}

/** A readiness check: the store answers within half a second. */
export const storeCheck = (redis: Redis) => async (): Promise<void> => {
  if (redis.status !== 'ready') throw new Error(`the connection is ${redis.status}`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer within 500 ms')), 500);
  });
  try {
    await Promise.race([redis.ping(), late]);
  } finally {
    clearTimeout(timer);
  }
};
