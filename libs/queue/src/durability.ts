import type { QueueKeys } from './keys.ts';
import type { SettlingConnection } from './settling-connection.ts';

/** How safe an accepted job is: in the server's memory; on its disk; on a replica too. */
export const durabilities = ['memory', 'fsync', 'replicated'] as const;
export type Durability = (typeof durabilities)[number];

/**
 * Waits until all that this connection wrote, or was told of as known, is as durable as asked, and says so; 'unconfirmed' when it did not
 * come in time or the server cannot tell. On disk: WAITAOF (Redis 7.2), or a server that syncs every write (`appendfsync always`). On a
 * replica: WAIT. Both wait for what their own connection wrote last. One that was made anew since has written nothing and would be answered
 * at once, and so would one that wrote before somebody else put the jobs (`isOthers`): then something is written first. It may also speak
 * with a server that lost the jobs: hence it is asked whether they are there.
 */
export async function confirm(
  connection: SettlingConnection,
  { record, touched }: QueueKeys,
  durability: Durability,
  withinMs: number,
  ids: readonly string[],
  isOthers: boolean,
): Promise<Durability | 'unconfirmed'> {
  if (durability === 'memory') return 'memory';
  try {
    const [areThere, , isSafe] = await Promise.all([
      exist(connection, ids.map(record)),
      connection.hasWritten && !isOthers ? undefined : touch(connection, touched),
      durability === 'fsync' ? isOnDisk(connection, withinMs) : isReplicated(connection, withinMs),
    ]);
    return areThere && isSafe ? durability : 'unconfirmed';
  } catch {
    return 'unconfirmed';
  }
}

async function touch(connection: SettlingConnection, key: string): Promise<void> {
  await connection.settle(() => connection.redis.set(key, '', 'PX', 1), 5000);
  connection.noteWrite();
}

/**
 * Valkey 9.1 answers WAITAOF before the write is on its disk (seen with 9.1.2: the answer comes at once, fdatasync up to a second later, and
 * a loss of power in between takes jobs that were called safe). Redis 8.2 waits.
 */
export const waitaofReturnsEarly = (serverInfo: string): boolean => /^valkey_version:(?:9\.[1-9]|[1-9]\d)/m.test(serverInfo);

async function isOnDisk(connection: SettlingConnection, withinMs: number): Promise<boolean> {
  const { redis } = connection;
  try {
    const [[local], serverInfo] = await Promise.all([
      connection.settle(() => redis.call('WAITAOF', 1, 0, withinMs) as Promise<[number]>, withinMs + 1000),
      connection.serverInfo(withinMs + 1000),
    ]);
    return waitaofReturnsEarly(serverInfo) ? await syncsEveryWrite(connection) : local === 1;
  } catch (error) {
    if (!(error instanceof Error && /unknown command|appendonly is off/i.test(error.message))) throw error;
    return await syncsEveryWrite(connection);
  }
}

async function syncsEveryWrite(connection: SettlingConnection): Promise<boolean> {
  const setting = async (name: string) => ((await connection.send((redis) => redis.config('GET', name))) as string[])[1];
  return (await setting('appendonly')) === 'yes' && (await setting('appendfsync')) === 'always';
}

const isReplicated = async (connection: SettlingConnection, withinMs: number): Promise<boolean> =>
  (await connection.settle(() => connection.redis.wait(1, withinMs), withinMs + 1000)) >= 1;

/** Sent before what follows on the same connection; if that breaks between the two, both are errors. */
const exist = async (connection: SettlingConnection, keys: string[]): Promise<boolean> =>
  keys.length === 0 || (await connection.settle(() => connection.redis.exists(...keys), 5000)) === keys.length;
