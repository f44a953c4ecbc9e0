import type { Column, Link } from '@almanac/domain';
import type { Block } from '../reading/selection.ts';

export interface Answer {
  blocks: AsyncIterable<Block>;
  /** the columns that are answered, in order */
  columns: readonly Column[];
  /** members of the JSON envelope; absent where a bare list was asked for */
  envelope?: { matched: number; version: string; links: Link[] };
}

/** One way of writing records down. */
export interface RecordFormat {
  /** what ?f= and file names say */
  id: 'json' | 'ndjson' | 'csv';
  mediaType: string;
  write(answer: Answer): AsyncIterable<Uint8Array | string>;
}
