import type { Link } from './link.ts';

/** How safe an accepted job is: in the server's memory; on its disk; on a replica too. */
export const durabilities = ['memory', 'fsync', 'replicated'] as const;
export type Durability = (typeof durabilities)[number];

/**
 * Waits until all that this connection wrote is as durable as asked, and says so; 'unconfirmed' when it did not come in time or the
 * server cannot tell. On disk: WAITAOF (Redis 7.2, Valkey), or a server that syncs every write (`appendfsync always`). On a replica: WAIT.
 */
export async function confirm(link: Link, durability: Durability, withinMs: number): Promise<Durability | 'unconfirmed'> {
  if (durability === 'memory') return 'memory';
  try {
    const isSafe = durability === 'fsync' ? await isOnDisk(link, withinMs) : await isReplicated(link, withinMs);
    return isSafe ? durability : 'unconfirmed';
  } catch {
    return 'unconfirmed';
  }
}

async function isOnDisk(link: Link, withinMs: number): Promise<boolean> {
  const { redis } = link;
  try {
    const [local] = (await link.settled(() => redis.call('WAITAOF', 1, 0, withinMs), withinMs + 1000)) as [number];
    return local === 1;
  } catch (error) {
    if (!(error instanceof Error && /unknown command|appendonly is off/i.test(error.message))) throw error;
    const setting = async (name: string) => ((await redis.config('GET', name)) as string[])[1];
    return (await setting('appendonly')) === 'yes' && (await setting('appendfsync')) === 'always';
  }
}

async function isReplicated(link: Link, withinMs: number): Promise<boolean> {
  return (await link.settled(() => link.redis.wait(1, withinMs), withinMs + 1000)) >= 1;
}
