import { ProblemError, storeUnavailable } from '@almanac/domain';
import { Redis, type RedisOptions } from 'ioredis';
import { ConfigError, type RedisEnv } from './config.ts';
import type { Logger } from './logger.ts';
import { renewWhenSilent } from './silence.ts';

/** The three things the store holds; each may live in a Redis of its own. */
export type RedisRole = 'data' | 'queue' | 'results';
const databases: Record<RedisRole, number> = { data: 0, queue: 1, results: 2 };

/** What of ioredis' options an address decides. */
export type StoreAddress = Pick<RedisOptions, 'host' | 'port' | 'path' | 'db' | 'username' | 'password' | 'tls'>;

/** Connection options for one role: its own URL, else REDIS_URL, else REDIS_IP, with the role's database unless the URL names one. */
export function redisOptions(role: RedisRole, env: RedisEnv): StoreAddress {
  const own = env[`REDIS_${role.toUpperCase()}_URL` as keyof RedisEnv];
  const url = own ?? env.REDIS_URL ?? (env.REDIS_IP === undefined ? undefined : `redis://${env.REDIS_IP}:6379`);
  if (url === undefined) {
    throw new ConfigError([
      `REDIS_URL is not set (nor REDIS_IP, nor REDIS_${role.toUpperCase()}_URL): where the store is, e.g. redis://127.0.0.1:6379`,
    ]);
  }
  return parseRedisUrl(url, databases[role]);
}

function parseRedisUrl(text: string, database: number): StoreAddress {
  if (text.startsWith('unix:')) return { path: text.slice('unix:'.length), db: database };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigError([`the store's address '${text}' is not a URL: write redis://host:6379 or unix:/path/to/socket`]);
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    throw new ConfigError([`the store's address starts with '${url.protocol}': write redis:, rediss: (TLS) or unix:<path>`]);
  }
  const named = /^\/(\d+)$/.exec(url.pathname)?.[1];
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    db: named === undefined ? database : Number(named),
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

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
  const redis = new Redis({
    ...redisOptions(role, env),
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
