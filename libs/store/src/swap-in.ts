import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@almanac/domain';
import type { Redis } from 'ioredis';
import { dataKeys, generationKeys, LAYOUT, LIST_KEY } from './keys.ts';
import { loggedFields, readManifest, type StoredField } from './manifest.ts';
import { setExists, stagingLost, versionConflict } from './problems.ts';
import { counted, Script } from './script.ts';

/** A replaced generation stays readable this long, for jobs and exports that hold its version. */
export const RETAINED_MS = 15 * 60_000;
/** The write log keeps at most this. */
const LOG_BYTES = 8 << 20;
const LOG_ENTRIES = 1000;

const swap = new Script('swap.lua');

export interface Swap {
  id: string;
  gen: string;
  op: 'replace';
  fields: { digest: string; rows: number; chunks: number } & Partial<Record<StoredField, string | number | Buffer>>;
  title: string | undefined;
  ifVersion: string | undefined;
  onlyFirst: boolean;
}

/** How long a swap whose reply was lost waits for the store to become available. */
const DOUBT_MS = 5_000;

/** Makes a fully staged generation the current one. Retries if another write came between; if the reply is lost, the outcome is looked up in the log. */
export async function swapIn(redis: Redis, swapping: Swap): Promise<{ seq: number; created: boolean }> {
  await redis.sadd(LIST_KEY, swapping.id);
  const swapped = await swapUntilDone(redis, swapping);
  // Again: a deletion may have taken the id out of the list in between. The set is committed, so a store that is away now is no failure.
  await redis.sadd(LIST_KEY, swapping.id).catch(() => {});
  return swapped;
}

async function swapUntilDone(redis: Redis, swapping: Swap): Promise<{ seq: number; created: boolean }> {
  for (let isInDoubt = false; ; ) {
    const before = isInDoubt ? await earlierSwap(redis, swapping) : undefined;
    if (before !== undefined) return before;
    try {
      const done = await trySwap(redis, swapping);
      if (done !== undefined) return done;
    } catch (error) {
      if (isInDoubt || error instanceof ProblemError || !(await isBack(redis))) throw error;
      isInDoubt = true;
    }
  }
}

/** One attempt; undefined if another write came between and the attempt is to be repeated. */
async function trySwap(
  redis: Redis,
  { id, gen, op, fields, title, ifVersion, onlyFirst }: Swap,
): Promise<{ seq: number; created: boolean } | undefined> {
  const old = await readManifest(redis, id);
  if (ifVersion !== undefined && old?.version !== ifVersion) throw versionConflict(id, ifVersion, old?.version);
  const wantedSeq = onlyFirst ? 0 : ifVersion === undefined ? '' : (old?.seq ?? 0);
  const { manifest, log } = dataKeys(id);
  const time = Date.now();
  const [outcome, seq] = await swap.run(
    redis,
    [manifest, log, ...generationKeys(id, gen), ...generationKeys(id, old?.gen ?? '')],
    [
      ...[wantedSeq, gen, old?.gen ?? '', fields.chunks, RETAINED_MS, LOG_BYTES, LOG_ENTRIES, LAYOUT],
      ...counted([...Object.entries(fields).flat(), 'time', time, ...(title === undefined ? [] : ['title', title])]),
      ...counted(loggedFields),
      ...counted(['op', op, 'g', gen, 'pg', old?.gen ?? '', 'd', fields.digest, 'rows', fields.rows, 't', time]),
    ],
  );
  if (outcome === 'STAGING_LOST') throw stagingLost(id);
  if (outcome === 'CONFLICT' && onlyFirst && seq > 0) throw setExists(id);
  return outcome === 'OK' ? { seq, created: old === undefined } : undefined;
}

/** The connection broke around the script: did it run? The log knows our generation, whatever came after it. */
async function earlierSwap(redis: Redis, { id, gen }: Swap): Promise<{ seq: number; created: boolean } | undefined> {
  for (const [entry, fields] of await redis.xrevrange(dataKeys(id).log, '+', '-', 'COUNT', 20)) {
    const at = (name: string) => fields[fields.indexOf(name) + 1];
    if (at('g') === gen) return { seq: Number.parseInt(entry, 10), created: at('pg') === '' };
  }
  return undefined;
}

async function isBack(redis: Redis): Promise<boolean> {
  const until = Date.now() + DOUBT_MS;
  while (redis.status !== 'ready' && Date.now() < until) await sleep(50);
  return redis.status === 'ready';
}
