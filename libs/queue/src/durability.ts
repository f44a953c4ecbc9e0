import type { Link } from './link.ts';

/** How safe an accepted job is: in the server's memory; on its disk; on a replica too. */
export const durabilities = ['memory', 'fsync', 'replicated'] as const;
export type Durability = (typeof durabilities)[number];

/**
 * Waits until all that this connection wrote is as durable as asked, and says so; 'unconfirmed' when it did not come in time or the
 * server cannot tell. On disk: WAITAOF (Redis 7.2, Valkey), or a server that syncs every write (`appendfsync always`). On a replica: WAIT.
 * A connection that was made anew since may speak with a server that lost the writes, and such a one waits for nothing: hence it is
 * asked in the same breath whether the `keys` are there.
 */
export async function confirm(link: Link, durability: Durability, withinMs: number, keys: string[]): Promise<Durability | 'unconfirmed'> {
  if (durability === 'memory') return 'memory';
  try {
    const isSafe = durability === 'fsync' ? await isOnDisk(link, withinMs, keys) : await isReplicated(link, withinMs, keys);
    return isSafe ? durability : 'unconfirmed';
  } catch {
    return 'unconfirmed';
  }
}

async function isOnDisk(link: Link, withinMs: number, keys: string[]): Promise<boolean> {
  const { redis } = link;
  try {
    const [areThere, [local]] = await Promise.all([
      exist(link, keys),
      link.settled(() => redis.call('WAITAOF', 1, 0, withinMs) as Promise<[number]>, withinMs + 1000),
    ]);
    return areThere && local === 1;
  } catch (error) {
    if (!(error instanceof Error && /unknown command|appendonly is off/i.test(error.message))) throw error;
    const setting = async (name: string) => ((await redis.config('GET', name)) as string[])[1];
    return (await setting('appendonly')) === 'yes' && (await setting('appendfsync')) === 'always' && (await exist(link, keys));
  }
}

async function isReplicated(link: Link, withinMs: number, keys: string[]): Promise<boolean> {
  const [areThere, replicas] = await Promise.all([exist(link, keys), link.settled(() => link.redis.wait(1, withinMs), withinMs + 1000)]);
  return areThere && replicas >= 1;
}

/** Sent before what follows on the same connection; if that breaks between the two, both are errors. */
const exist = async (link: Link, keys: string[]): Promise<boolean> =>
  keys.length === 0 || (await link.settled(() => link.redis.exists(...keys), 5000)) === keys.length;
