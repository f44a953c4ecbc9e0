import type { Column, Evidence, Reject } from '@almanac/domain';
import { type Format, parseOptions } from '@almanac/formats';
import type { Committed } from '@almanac/store';
import type { Redis } from 'ioredis';
import type { Meter } from '../body/read-body.ts';
import { Rejects } from './rejects.ts';
import { RowLoader } from './row-loader.ts';

/** The data set that a load writes, and on which conditions. */
export interface LoadTarget {
  dataset: string;
  /** the key column; '' for no key, undefined to guess */
  key?: string | undefined;
  title?: string | undefined;
  /** commit only if this is the current version */
  ifVersion?: string | undefined;
  /** commit only if the data set never existed: one that was deleted did */
  onlyFirst?: boolean | undefined;
}

export interface LoadOptions extends LoadTarget {
  redis: Redis;
  format: Format;
  bytes: AsyncIterable<Uint8Array>;
  /** how many bytes will come, if known */
  sourceBytes: number | undefined;
  /** how many have come */
  meter: Readonly<Meter>;
  notes: Set<string>;
}

export interface Loaded {
  committed: Committed;
  evidence: Record<string, Evidence>;
  columns: Column[];
  key: string | undefined;
  /** the first of them, for the report */
  rejects: Reject[];
}

/** Reads a body into a new version of a data set. An error before the commit leaves the data set as it was. */
export async function load(options: LoadOptions): Promise<Loaded> {
  const source = parseOptions(options.notes);
  const rejects = new Rejects();
  // Profile and key are chosen from the first rows.
  let loader: RowLoader | undefined;
  try {
    for await (const batch of options.format.parse(options.bytes, source)) {
      if (loader === undefined && batch.rows.length > 0) loader = new RowLoader(options, source, rejects, batch.rows);
      if (loader === undefined) for (const reject of batch.rejects) rejects.add(reject);
      else await loader.take(batch);
    }
    if (loader === undefined) throw rejects.noRecords();
    return await loader.commit();
  } catch (error) {
    await loader?.discard();
    throw error;
  } finally {
    loader?.close();
  }
}
