import { Notes } from './notes.ts';
import type { Batch } from './row.ts';

/** What a format fills in besides the rows. Each member is complete after the last row. */
export interface ParseOptions {
  /** sentences for a person: what was renamed, left out or read as missing */
  notes: Set<string>;
  /** what the source says about itself, in its own words: the header of an ephemeris, elements beside the records */
  metadata: Record<string, unknown>;
  /** column name -> unit, as the source writes it */
  units: Map<string, string>;
}

/** Empty options. */
export const parseOptions = (notes: Set<string> = new Notes()): ParseOptions => ({ notes, metadata: {}, units: new Map() });

/** What the beginning of a body looks like. */
export interface Detected {
  /** id of the format */
  readonly id: string;
  /** the first character that is not white space; '' if there is none */
  readonly first: string;
}

/** A way to write records as bytes. To add one: a folder here with a file that exports a Format, and one line in registry.ts. */
export interface Format {
  /** lower case, as in `f=csv` and in reports */
  readonly id: string;
  /** the name, a colon, and a phrase: 'CSV: comma-separated values with a header line' */
  readonly title: string;
  /** the first is the registered one */
  readonly mediaTypes: readonly string[];
  /** of file names, with the dot, in lower case */
  readonly extensions: readonly string[];
  /** how OpenAPI shows a body; a string if absent */
  readonly openapi?: { readonly schema: object; readonly example?: unknown };
  /** the key column, if the format defines one */
  readonly key?: string;
  /** id of the format that this one is written in, as an ephemeris is in XML: it may come under that format's media types and extensions */
  readonly container?: string;
  /** Whether a body that begins with `start`, without a byte order mark and white space, looks like this format. */
  looksLike(start: string): boolean;
  /** Whether a body that was declared as this format plainly is in another. Cases that `parse` explains better are left to it. */
  contradicts(detected: Detected): boolean;
  /**
   * Reads a stream of bytes, cut anywhere, in memory that does not grow with its length.
   * Throws ProblemError 'malformed-data' if the data cannot be read further; a row that is invalid by itself is a reject.
   */
  parse(bytes: AsyncIterable<Uint8Array>, options: ParseOptions): AsyncIterable<Batch>;
}
