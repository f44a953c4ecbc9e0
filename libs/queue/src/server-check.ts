import type { Redis } from 'ioredis';
import { type Durability, waitaofReturnsEarly } from './durability.ts';

/** One setting of a server that the guarantees of a queue depend on. */
export interface ServerFinding {
  name: 'version' | 'eviction' | 'persistence' | 'fsync' | 'replication';
  /** undefined if the server does not report it (managed servers often refuse CONFIG) */
  isFine: boolean | undefined;
  /** the value found, and the required one */
  detail: string;
}

/** Versions of Redis: the oldest supported, and the first with WAITAOF. */
const OLDEST = [6, 2] as const;
const WITH_WAITAOF = [7, 2] as const;

/**
 * Checks if the settings of a server let a queue lose no job. The queue works with other settings too, except with a version that is too old,
 * but with weaker guarantees. A setting that the server does not report is unknown, not an error. Rejects if the server is unavailable.
 * `durability` is the one that jobs request: fsync needs a server that confirms when a write is on disk, or that syncs each write.
 */
export async function checkServer(redis: Redis, { durability = 'memory' }: { durability?: Durability } = {}): Promise<ServerFinding[]> {
  const [info, appendfsync, minReplicas] = await Promise.all([
    unlessRefused(redis.info()),
    setting(redis, 'appendfsync'),
    setting(redis, 'min-replicas-to-write'),
  ]);
  const of = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info ?? '')?.[1];
  const policy = of('maxmemory_policy') ?? (await setting(redis, 'maxmemory-policy'));
  const aof = of('aof_enabled') ?? { yes: '1', no: '0' }[(await setting(redis, 'appendonly')) ?? ''];
  return [
    version(of('redis_version'), of('valkey_version')),
    finding('eviction', policy, policy === 'noeviction', `maxmemory-policy ${policy}`, 'must be noeviction, other policies delete records'),
    finding(
      'persistence',
      aof,
      aof === '1',
      `appendonly ${aof === '1' ? 'yes' : 'no'}`,
      'must be yes, else a restart loses all jobs since the last snapshot',
    ),
    fsync(appendfsync, durability === 'fsync' && !canConfirmFsync(of('redis_version'), info)),
    replication(of('role'), Number(of('connected_slaves')), minReplicas),
  ];
}

function finding(name: ServerFinding['name'], value: unknown, isFine: boolean, detail: string, otherwise: string): ServerFinding {
  if (value === undefined) return { name, isFine: undefined, detail: 'not reported by the server' };
  return { name, isFine, detail: isFine ? detail : `${detail}: ${otherwise}` };
}

function fsync(setting: string | undefined, isBlind: boolean): ServerFinding {
  const isFine = setting === 'always' || (setting !== 'no' && !isBlind);
  const otherwise =
    setting === 'no'
      ? 'must be everysec or always, else a power loss may lose any number of seconds'
      : 'must be always, since this server cannot confirm durability fsync otherwise';
  return finding('fsync', setting, isFine, `appendfsync ${setting}`, otherwise);
}

/** True if WAITAOF exists and waits. A server that does not report its version is assumed to be able. */
const canConfirmFsync = (redis: string | undefined, info = ''): boolean =>
  redis === undefined || (isFrom(WITH_WAITAOF, redis) && !waitaofReturnsEarly(info));

/** True if a version is this one or newer. Valkey reports the version of Redis that it is compatible with, besides its own. */
function isFrom([major, minor]: readonly [number, number], version: string): boolean {
  const [itsMajor = 0, itsMinor = 0] = version.split('.').map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}

function version(redis: string | undefined, valkey: string | undefined): ServerFinding {
  const detail = valkey === undefined ? `Redis ${redis}` : `Valkey ${valkey}`;
  return finding('version', redis, isFrom(OLDEST, redis ?? ''), detail, `must be Redis ${OLDEST.join('.')} or newer, or Valkey`);
}

function replication(role: string | undefined, replicas: number, minReplicas: string | undefined): ServerFinding {
  const demands = minReplicas === undefined ? '' : `, min-replicas-to-write: ${minReplicas}`;
  const detail = role === 'master' ? `master, replicas: ${replicas}${demands}` : `${role}`;
  return finding('replication', role, role === 'master', detail, 'must be the master, a replica refuses jobs');
}

const setting = async (redis: Redis, name: string): Promise<string | undefined> =>
  ((await unlessRefused(redis.config('GET', name))) as string[] | undefined)?.[1];

/** Returns the reply; undefined if the server refuses the command because it is unknown, or not allowed for this user. */
async function unlessRefused<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof Error && /^(?:NOPERM|ERR)\b/.test(error.message)) return undefined;
    throw error;
  }
}
