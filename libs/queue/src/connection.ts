import { Redis, type RedisOptions } from 'ioredis';

/**
 * Options of a connection for a queue. A call that cannot be sent fails at once, and the client never sends a call twice by itself, so "not
 * accepted" and "perhaps accepted" can be distinguished. It reconnects within half a second after the server is available again.
 */
export const queueConnectionOptions = {
  protocol: 2,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (tries: number) => Math.min(500, 50 * tries),
} as const satisfies RedisOptions;

/** Returns a connection for queues and workers, ready to use. Rejects if the server is unreachable; later it reconnects without limit. */
export async function connectQueue(address: string | Omit<RedisOptions, 'replyMapping'> = {}): Promise<Redis> {
  const options = { ...queueConnectionOptions, lazyConnect: true };
  const redis = typeof address === 'string' ? new Redis(address, options) : new Redis({ ...options, ...address });
  // The pending call gets the error. Without a listener it would also end the process.
  redis.on('error', () => {});
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return redis;
}

/** Returns a second connection with the same options, whose calls may block without limit. */
export const blockingConnection = (redis: Redis): Redis =>
  redis.duplicate({ ...queueConnectionOptions, lazyConnect: false, commandTimeout: undefined } as RedisOptions).on('error', () => {});
