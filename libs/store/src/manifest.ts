import { type Evidence, formatVersion, type Schema } from '@almanac/domain';
import type { Redis } from 'ioredis';
import { dataKeys, LAYOUT, LIST_KEY } from './keys.ts';
import { unreadableLayout } from './problems.ts';

/** The manifest of a data set: everything about one version but its rows. */
export interface Manifest {
  id: string;
  seq: number;
  digest: string;
  version: string;
  gen: string;
  prevGen: string;
  /** live rows */
  rows: number;
  /** rows of the last load that were kept apart */
  rejected: number;
  chunks: number;
  buckets: number;
  seed: number;
  schema: Schema;
  evidence: Record<string, Evidence>;
  title: string | undefined;
  /** characters of schema and evidence as they are stored */
  textBytes: number;
  /** bytes of the rows, and of their chunks as stored */
  raw: number;
  stored: number;
  /** when this version was written, RFC 3339 */
  modified: string;
}

/**
 * Every field of the manifest's hash. `version`: describes a version, so the log keeps it when the version is replaced; `current`: is about
 * the current version only; `unread`: is not part of a `Manifest`. A new field is one line here, and a member of `manifestOf` if it is read.
 */
const fields = {
  layout: 'current',
  seq: 'version',
  digest: 'version',
  gen: 'current',
  prevGen: 'current',
  rows: 'version',
  chunks: 'version',
  buckets: 'version',
  seed: 'version',
  schema: 'version',
  evidence: 'version',
  title: 'version',
  rejected: 'version',
  raw: 'version',
  stored: 'version',
  time: 'version',
  nodes: 'unread',
  logBytes: 'unread',
} as const;
export type StoredField = keyof typeof fields;
export type ManifestField = { [F in StoredField]: (typeof fields)[F] extends 'unread' ? never : F }[StoredField];

const all = Object.keys(fields) as StoredField[];
const names = all.filter((name) => fields[name] !== 'unread') as ManifestField[];
/** The fields that a swap writes to the log for the version it replaces. */
export const loggedFields: readonly StoredField[] = all.filter((name) => fields[name] === 'version');
/** The fields that a deletion drops: all but the sequence number, which the next version continues. */
export const droppedFields: readonly StoredField[] = all.filter((name) => name !== 'seq');

/**
 * The manifest of a data set, or undefined if there is no such set. Reads that one key and nothing else. A caller that polls passes
 * what it has `known` so far: if that is still current, the same object is returned, and only its version is read.
 */
export async function readManifest(redis: Redis, id: string, known?: Manifest): Promise<Manifest | undefined> {
  const key = dataKeys(id).manifest;
  if (known !== undefined) {
    const [seq, digest, gen] = await redis.hmget(key, 'seq', 'digest', 'gen');
    if (seq === String(known.seq) && digest === known.digest && gen === known.gen) return known;
  }
  const values = await redis.hmget(key, ...names);
  return manifestOf(id, Object.fromEntries(names.map((name, i) => [name, values[i] ?? undefined])));
}

/** Whether there is such a data set, or was one: what was deleted is remembered for a while. */
export const wasEverStored = async (redis: Redis, id: string): Promise<boolean> =>
  (await redis.hexists(dataKeys(id).manifest, 'seq')) === 1;

/** The ids of all data sets, in order. */
export const listDatasets = async (redis: Redis): Promise<string[]> => present(redis, (await redis.smembers(LIST_KEY)).sort());

/** Those of some ids that name a data set now. */
export async function present(redis: Redis, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hexists(dataKeys(id).manifest, 'gen');
  const replies = (await pipeline.exec()) ?? [];
  return ids.filter((_, i) => {
    const [error, exists] = replies[i] as [Error | null, number];
    if (error !== null) throw error;
    return exists === 1;
  });
}

/** Fields as they are stored, made into a manifest; undefined for a tombstone or nothing at all. */
export function manifestOf(id: string, fields: Partial<Record<ManifestField, string | undefined>>): Manifest | undefined {
  const { gen, seq, digest } = fields;
  if (gen === undefined || seq === undefined || digest === undefined) return undefined;
  const layout = Number(fields.layout);
  if (layout > LAYOUT || layout < LAYOUT - 1) throw unreadableLayout(id, layout);
  return {
    id,
    seq: Number(seq),
    digest,
    version: formatVersion(Number(seq), digest),
    gen,
    prevGen: fields.prevGen ?? '',
    rows: Number(fields.rows),
    rejected: Number(fields.rejected ?? 0),
    chunks: Number(fields.chunks),
    buckets: Number(fields.buckets),
    seed: Number(fields.seed),
    schema: JSON.parse(fields.schema as string) as Schema,
    evidence: JSON.parse(fields.evidence ?? '{}') as Record<string, Evidence>,
    title: fields.title,
    textBytes: (fields.schema as string).length + (fields.evidence ?? '').length,
    raw: Number(fields.raw),
    stored: Number(fields.stored),
    modified: new Date(Number(fields.time)).toISOString(),
  };
}
