import type { Reject } from '@almanac/domain';
import { copyText } from './copy-text.ts';

/** A list or an object, as the JSON token that stands in the row. */
export interface Nested {
  readonly json: string;
}

/** A value of a source that has text alone. '' is no value. */
export type Field = string | Nested;

/** What rows give their values to: as fields under a header, or as the members of a record. */
export interface ValueCounter {
  /** Rows with the same columns best share one list of names. */
  countFields(names: readonly string[], fields: readonly Field[], row: number): void;
  countRecord(record: Readonly<Record<string, unknown>>, row: number): void;
}

/** One record of a source: its lossless text, and what the key and the types are read from, so that nothing is parsed twice. */
export interface Row {
  /** its number in the source: the first row after the header is 1; in NDJSON the number of the line */
  readonly number: number;
  /** a minified JSON object that keeps every number and string as the source wrote it */
  readonly text: string;
  /** names of its members, in the source's order */
  names(): readonly string[];
  /** the text of one value as it names a record, or undefined where there is none: null, empty, a list, an object */
  keyText(column: string): string | undefined;
  /** counts its values; to be called once the row is accepted */
  countIn(counter: ValueCounter): void;
}

/** What one piece of the source gave. */
export interface Batch {
  readonly rows: Row[];
  readonly rejects: Reject[];
  /** characters of source text that stay in memory while a text of these rows does: texts may be slices of it */
  pinned: number;
}

/** Nothing in it yet. `source`: the text that its rows are cut from. */
export const newBatch = (source: string): Batch => ({ rows: [], rejects: [], pinned: source.length });

/** A batch is complete with this many rows, or characters of the source: others get their turn between batches. */
const BATCH_ROWS = 512;
const BATCH_CHARACTERS = 1 << 16;

export const isFull = ({ rows, rejects }: Batch, characters: number): boolean =>
  rows.length + rejects.length >= BATCH_ROWS || characters >= BATCH_CHARACTERS;

/** Of a row that is kept apart, this much is kept. */
const RAW_LIMIT = 2000;

export const reject = (row: number, reason: string, raw: string): Reject => ({ row, reason, raw: copyText(raw.slice(0, RAW_LIMIT)) });
