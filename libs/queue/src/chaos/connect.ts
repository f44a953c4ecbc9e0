import { Redis } from 'ioredis';

/** A connection as the services make theirs: nothing waits in it, nothing is sent twice, it comes back by itself. */
export function connect(port: number): Redis {
  const redis = new Redis(port, '127.0.0.1', {
    db: 1,
    protocol: 2,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    retryStrategy: (tries) => Math.min(500, 50 * tries),
  });
  return redis.on('error', () => {});
}
