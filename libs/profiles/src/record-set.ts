import { type Schema, tokenOf } from '@almanac/domain';

/** One pass over the rows of a set. */
export interface Pass<T> {
  row(text: string): void;
  done(): T;
}

/** One version of a data set as a profile's routes see it: rows are texts of minified JSON objects, as the source had their values. */
export interface RecordSet {
  readonly id: string;
  /** empty if there is no such set */
  readonly version: string;
  readonly schema: Schema;
  readonly rows: number;
  /** when this version was written, RFC 3339 */
  readonly modified: string;
  /** Rows from one place up to another, in the source's order; all of them without places. */
  texts(from?: number, to?: number): Iterable<string>;
  /** The row a key names. */
  byKey(key: string): string | undefined;
  /**
   * What one pass over all rows finds. The pass gives way to other requests, and what it found is kept as with `memoize`, under the same names.
   * Throws 400 for a data set that is too large to be read as a whole, 503 if too many such passes wait.
   */
  computed<T>(name: string, begin: () => Pass<T>): Promise<T>;
  /** The value that `make` computes from this version. It is computed once and kept as long as the version. */
  memoize<T>(name: string, make: () => T): T;
}

/** A data set that was never loaded, or was deleted: it has no records. */
export const emptySet = (id: string): RecordSet => ({
  id,
  version: '',
  schema: { columns: [] },
  rows: 0,
  modified: '',
  texts: () => [],
  byKey: () => undefined,
  computed: async (_, begin) => begin().done(),
  memoize: (_, make) => make(),
});

/** Records as JSON.parse gives them. */
export function* records(set: RecordSet, from = 0, to = set.rows): Generator<Record<string, unknown>> {
  for (const text of set.texts(from, to)) yield JSON.parse(text) as Record<string, unknown>;
}

/** The whole of a pass at once: for sets that are small. */
export function passOver<T>(set: RecordSet, { row, done }: Pass<T>): T {
  for (const text of set.texts()) row(text);
  return done();
}

/** The tokens of one member, in the source's order; undefined for a row that does not have it. */
export function* tokens(set: RecordSet, name: string): Generator<string | undefined> {
  for (const text of set.texts()) yield tokenOf(text, name);
}
