import { Redis } from 'ioredis';
import { queueConnectionOptions } from '../../src/connection.ts';

/** A connection as the services make theirs: nothing waits in it, nothing is sent twice, it comes back by itself. */
export function connect(port: number): Redis {
  return new Redis(port, '127.0.0.1', { ...queueConnectionOptions, db: 1, connectTimeout: 2000 }).on('error', () => {});
}
