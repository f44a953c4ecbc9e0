import type { QueueKeys } from './keys.ts';
import type { SettlingConnection } from './settling-connection.ts';

/** Where an accepted job is stored: in the server's memory, on its disk, or also on a replica. */
export const durabilities = ['memory', 'fsync', 'replicated'] as const;
export type Durability = (typeof durabilities)[number];

/**
 * Waits until the jobs that this connection wrote are as durable as requested, and returns that durability. Returns 'unconfirmed' if the
 * time is up or the server cannot confirm it. On disk: WAITAOF (Redis 7.2), or a server that syncs every write (`appendfsync always`). On a
 * replica: WAIT. Both wait for the last write of their own connection. A new connection has written nothing, so its reply would come at
 * once; so would the reply of a connection that wrote before another put the jobs (`isOthers`). In both cases this writes a key first.
 * The server may have lost the jobs, so this also checks that they exist.
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
 * True for servers that reply to WAITAOF before the write is on disk. Seen with Valkey 9.1.2: the reply comes at once, fdatasync up to a
 * second later, and a loss of power in between loses jobs that were confirmed. Redis 8.2 waits.
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

/** Sent on the same connection before the wait: if the connection breaks in between, both fail. */
const exist = async (connection: SettlingConnection, keys: string[]): Promise<boolean> =>
  keys.length === 0 || (await connection.settle(() => connection.redis.exists(...keys), 5000)) === keys.length;
