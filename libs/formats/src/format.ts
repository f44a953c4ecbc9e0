import { Notes } from './notes.ts';
import type { Batch } from './row.ts';

export const formatIds = ['csv', 'tsv', 'json', 'ndjson', 'xml', 'yaml', 'oem'] as const;
export type FormatId = (typeof formatIds)[number];

/** What a format fills besides giving rows. Each is complete when the last row is out. */
export interface ParseOptions {
  /** gets sentences a person should read: what was renamed, left out or taken for missing */
  notes: Set<string>;
  /** gets what the source says about itself, in its own words: an ephemeris' header, elements beside the records */
  metadata: Record<string, unknown>;
  /** gets the units the source gives for its columns: name of the column -> unit as it is written there */
  units: Map<string, string>;
}

/** Nothing filled yet. */
export const parseOptions = (notes: Set<string> = new Notes()): ParseOptions => ({ notes, metadata: {}, units: new Map() });

/** A way to write records as bytes. To add one: a file here that exports a Format, and its line in index.ts. */
export interface Format {
  readonly id: FormatId;
  readonly title: string;
  /** the first is the registered one */
  readonly mediaTypes: readonly string[];
  /** of file names, with the dot */
  readonly extensions: readonly string[];
  /** the column that names its records, where the format itself says so */
  readonly key?: string;
  /**
   * Reads a stream of bytes of any chunking in memory that does not grow with its length.
   * Throws ProblemError 'malformed-data' where the data stop making sense; a row that is wrong by itself comes as a reject.
   */
  parse(bytes: AsyncIterable<Uint8Array>, options: ParseOptions): AsyncIterable<Batch>;
}
