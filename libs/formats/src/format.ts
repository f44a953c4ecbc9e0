import type { Batch } from './row.ts';

export const formatIds = ['csv', 'tsv', 'json', 'ndjson'] as const;
export type FormatId = (typeof formatIds)[number];

export interface ParseOptions {
  /** gets sentences a person should read: what was renamed, left out or taken for missing */
  notes: Set<string>;
}

/** A way to write records as bytes. To add one: a file here that exports a Format, and its line in index.ts. */
export interface Format {
  readonly id: FormatId;
  readonly title: string;
  /** the first is the registered one */
  readonly mediaTypes: readonly string[];
  /** of file names, with the dot */
  readonly extensions: readonly string[];
  /**
   * Reads a stream of bytes of any chunking in memory that does not grow with its length.
   * Throws ProblemError 'malformed-data' where the data stop making sense; a row that is wrong by itself comes as a reject.
   */
  parse(bytes: AsyncIterable<Uint8Array>, options: ParseOptions): AsyncIterable<Batch>;
}
