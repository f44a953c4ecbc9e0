import type { Redis } from 'ioredis';
import { queueKeys } from './keys.ts';

/** Returns the names of all queues in a database. It scans all keys, so it is for tools only. */
export async function queueNames(redis: Redis): Promise<string[]> {
  const names = new Set<string>();
  const [before, behind] = queueKeys('*').all.split('*') as [string, string];
  for (let cursor = '0'; ; ) {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${before}*${behind}`, 'COUNT', '1000');
    for (const key of keys) names.add(key.slice(before.length, -behind.length));
    cursor = next;
    if (cursor === '0') return [...names].sort();
  }
}
