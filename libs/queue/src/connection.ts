import { Redis, type RedisOptions } from 'ioredis';

/**
 * What a queue wants of a connection: a call that cannot be sent fails at once, and nothing is sent twice behind the caller's back, so
 * that "not accepted" and "perhaps accepted" can be told apart. It comes back by itself within half a second of the server's return.
 */
export const queueConnectionOptions = {
  protocol: 2,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (tries: number) => Math.min(500, 50 * tries),
} as const satisfies RedisOptions;

/** A connection for queues and workers, ready to use. Rejects where there is no server at first; later it reconnects for ever. */
export async function connectQueue(address: string | Omit<RedisOptions, 'replyMapping'> = {}): Promise<Redis> {
  const options = { ...queueConnectionOptions, lazyConnect: true };
  const redis = typeof address === 'string' ? new Redis(address, options) : new Redis({ ...options, ...address });
  // Who waits for an answer gets the error; without a listener it would end the process too.
  redis.on('error', () => {});
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return redis;
}

/** Another connection like this one, on which calls may wait for ever. */
export const blockingConnection = (redis: Redis): Redis =>
  redis.duplicate({ ...queueConnectionOptions, lazyConnect: false, commandTimeout: undefined } as RedisOptions).on('error', () => {});
