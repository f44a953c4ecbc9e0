// What the tests of this room share: rows as a source sends them, loaded through the front door.
import type { Column, Schema } from '@almanac/domain';
import type { Redis } from 'ioredis';
import { type Committed, StagedGeneration } from './staged-generation.ts';

export const column = (name: string, type: Column['type'] = 'string', asStored = true): Column => ({ name, type, asStored });
export const schema = (columns: Column[], key?: string): Schema => ({ columns, ...(key === undefined ? {} : { key }) });
export const idSchema = schema([column('id', 'integer'), column('text')], 'id');

/** n rows {"id":i,"text":...}, each about `width` characters. */
export const makeRows = (n: number, width = 20): string[] =>
  Array.from({ length: n }, (_, i) => JSON.stringify({ id: i, text: `${'x'.repeat((i * 7) % width)} ${i}` }));

export interface Loading {
  schema?: Schema;
  key?: (row: string) => string;
  ifVersion?: string;
  onlyFirst?: boolean;
  title?: string;
}

/** Loads rows as one replacement; duplicates are rejected as ingest does. */
export async function load(
  redis: Redis,
  id: string,
  rows: readonly string[],
  { schema: given = idSchema, key = (row) => String(JSON.parse(row).id), ...rest }: Loading = {},
): Promise<Committed> {
  const staged = new StagedGeneration(redis, id, { key: given.key });
  for (const [i, row] of rows.entries()) {
    const added = await staged.add(row, given.key === undefined ? undefined : key(row));
    if (!added) await staged.reject({ row: i + 1, reason: 'duplicate key', raw: row });
  }
  return staged.commit({ schema: given, evidence: {}, ...rest });
}
