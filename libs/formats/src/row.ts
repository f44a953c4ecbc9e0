import type { Reject } from '@almanac/domain';
import { copyText } from './copy-text.ts';

/** A list or an object, as JSON text. */
export interface Nested {
  readonly json: string;
}

/** A value of a source that has only text. '' is a missing value. */
export type Field = string | Nested;

/** Receives the values of rows: fields under a header, or members of a record. */
export interface ValueCounter {
  /** Faster if rows with the same columns share one list of names. */
  countFields(names: readonly string[], fields: readonly Field[], row: number): void;
  countRecord(record: Readonly<Record<string, unknown>>, row: number): void;
}

/** One record of a source: its lossless text, and access to its values for key and types, so that nothing is parsed twice. */
export interface Row {
  /** its number in the source: the first row after the header is 1; in NDJSON the number of the line */
  readonly number: number;
  /** a minified JSON object that keeps every number and string as the source wrote it */
  readonly text: string;
  /** names of its members, in the source's order */
  names(): readonly string[];
  /** the text of one value as a key; undefined for null, an empty text, a list or an object */
  keyText(column: string): string | undefined;
  /** passes its values to a counter; to be called when the row is accepted */
  countIn(counter: ValueCounter): void;
}

/** The rows of one piece of the source. */
export interface Batch {
  readonly rows: Row[];
  readonly rejects: Reject[];
  /** characters of source text that stay in memory with these rows, because texts may be slices of it */
  pinned: number;
}

/** An empty batch. `source`: the text that its rows are cut from. */
export const newBatch = (source: string): Batch => ({ rows: [], rejects: [], pinned: source.length });

/** A batch is full with this many rows, or characters of the source. Other requests get their turn between batches. */
const BATCH_ROWS = 512;
const BATCH_CHARACTERS = 1 << 16;

export const isFull = ({ rows, rejects }: Batch, characters: number): boolean =>
  rows.length + rejects.length >= BATCH_ROWS || characters >= BATCH_CHARACTERS;

/** Characters of a rejected row that are kept. */
const RAW_LIMIT = 2000;

export const reject = (row: number, reason: string, raw: string): Reject => ({ row, reason, raw: copyText(raw.slice(0, RAW_LIMIT)) });
