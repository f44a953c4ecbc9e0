import type { Redis } from 'ioredis';
import { type Durability, waitaofReturnsEarly } from './durability.ts';

/** One thing about a server that a queue's promises rest on. */
export interface ServerFinding {
  name: 'version' | 'eviction' | 'persistence' | 'fsync' | 'replication';
  /** undefined where the server does not tell (a managed one often refuses CONFIG) */
  isFine: boolean | undefined;
  /** what was found, and what it should be */
  detail: string;
}

/** Versions of Redis: the oldest that will do, and the first that has WAITAOF. */
const OLDEST = [6, 2] as const;
const WITH_WAITAOF = [7, 2] as const;

/**
 * Looks whether a server is set up for a queue that loses nothing. What is not fine makes the queue promise less; it works all the same,
 * except with a version that is too old. What the server refuses to tell is not known, and no error; a server that is away is one.
 * `durability` is what jobs are asked to have: fsync needs a server that can say when a write is on its disk, or syncs each.
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
    finding('eviction', policy, policy === 'noeviction', `maxmemory-policy ${policy}`, 'any other than noeviction throws records away'),
    finding(
      'persistence',
      aof,
      aof === '1',
      `appendonly ${aof === '1' ? 'yes' : 'no'}`,
      'without it a restart forgets all jobs since the last snapshot',
    ),
    fsync(appendfsync, durability === 'fsync' && !tellsOfItsDisk(of('redis_version'), info)),
    replication(of('role'), Number(of('connected_slaves')), minReplicas),
  ];
}

function finding(name: ServerFinding['name'], value: unknown, isFine: boolean, detail: string, otherwise: string): ServerFinding {
  if (value === undefined) return { name, isFine: undefined, detail: 'the server does not tell' };
  return { name, isFine, detail: isFine ? detail : `${detail}: ${otherwise}` };
}

function fsync(setting: string | undefined, isBlind: boolean): ServerFinding {
  const isFine = setting === 'always' || (setting !== 'no' && !isBlind);
  const otherwise =
    setting === 'no'
      ? 'with "no" a power loss may take any number of seconds'
      : 'this server does not say when a write is on its disk, so durability fsync is never confirmed; it needs appendfsync always';
  return finding('fsync', setting, isFine, `appendfsync ${setting}`, otherwise);
}

/** Whether WAITAOF is there and waits. One that tells nothing of itself is thought able. */
const tellsOfItsDisk = (redis: string | undefined, info = ''): boolean =>
  redis === undefined || (isFrom(WITH_WAITAOF, redis) && !waitaofReturnsEarly(info));

/** Whether a version is this one or newer. Valkey gives the version of Redis it can stand in for beside its own. */
function isFrom([major, minor]: readonly [number, number], version: string): boolean {
  const [itsMajor = 0, itsMinor = 0] = version.split('.').map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}

function version(redis: string | undefined, valkey: string | undefined): ServerFinding {
  const detail = valkey === undefined ? `Redis ${redis}` : `Valkey ${valkey}`;
  return finding('version', redis, isFrom(OLDEST, redis ?? ''), detail, `Redis ${OLDEST.join('.')} or newer, or Valkey, is needed`);
}

function replication(role: string | undefined, replicas: number, minReplicas: string | undefined): ServerFinding {
  const demands = minReplicas === undefined ? '' : `, needed to write: ${minReplicas}`;
  const detail = role === 'master' ? `master, replicas: ${replicas}${demands}` : `${role}`;
  return finding('replication', role, role === 'master', detail, 'jobs are put to the master');
}

const setting = async (redis: Redis, name: string): Promise<string | undefined> =>
  ((await unlessRefused(redis.config('GET', name))) as string[] | undefined)?.[1];

/** The reply, or undefined where the server refuses the command: not known to it, or not allowed to this user. */
async function unlessRefused<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof Error && /^(?:NOPERM|ERR)\b/.test(error.message)) return undefined;
    throw error;
  }
}
