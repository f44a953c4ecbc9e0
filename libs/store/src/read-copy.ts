import { type Column, type Evidence, type RowView, type Schema, textOf, tokenOf } from '@almanac/domain';
import type { Chunk } from './chunk.ts';
import { SEPARATOR, SLOTS } from './codec.ts';
import { keyHash } from './key-hash.ts';
import { ordinalsIn } from './key-table.ts';
import type { Manifest } from './manifest.ts';
import { typedToken } from './typed-rows.ts';

const QUOTE = 34;

/**
 * One version of a data set in memory: immutable, so a reader that got it sees one version to the end whatever is written meanwhile.
 * Rows are bytes of minified JSON objects, as typed by the schema.
 */
export class ReadCopy {
  readonly manifest: Manifest;
  readonly #chunks: readonly Chunk[];
  readonly #index: readonly Buffer[];
  /** live rows before each chunk */
  readonly #first: Uint32Array;
  /** how a row begins whose first member is the key */
  readonly #keyPrefix: Buffer;
  readonly #views = new Map<string, ReadCopy>();
  readonly #kept = new Map<string, unknown>();

  constructor(manifest: Manifest, chunks: readonly Chunk[], index: readonly Buffer[]) {
    this.manifest = manifest;
    this.#chunks = chunks;
    this.#index = index;
    this.#first = new Uint32Array(chunks.length + 1);
    for (const [i, chunk] of chunks.entries()) this.#first[i + 1] = (this.#first[i] as number) + chunk.live;
    this.#keyPrefix = Buffer.from(`{${JSON.stringify(manifest.schema.key ?? '')}:`);
  }

  get id(): string {
    return this.manifest.id;
  }

  get version(): string {
    return this.manifest.version;
  }

  get digest(): string {
    return this.manifest.digest;
  }

  get schema(): Schema {
    return this.manifest.schema;
  }

  get evidence(): Record<string, Evidence> {
    return this.manifest.evidence;
  }

  get rows(): number {
    return this.#first[this.#chunks.length] as number;
  }

  /** The same rows in another view, as they are stored where there is none. `name` stands for the view: its copy is made once. */
  viewed(name: string, view: RowView | undefined): ReadCopy {
    const known = this.#views.get(name);
    if (known !== undefined) return known;
    const made = new ReadCopy(
      this.manifest,
      this.#chunks.map((chunk) => chunk.viewed(view)),
      this.#index,
    );
    this.#views.set(name, made);
    return made;
  }

  /** What was computed from this version, made when it is first asked for and kept as long as the copy is. */
  kept<T>(name: string, make: () => T): T {
    if (!this.#kept.has(name)) this.#kept.set(name, make());
    return this.#kept.get(name) as T;
  }

  /**
   * The record of a key, as `shown` shows it; without a key column, the record of that number (counted from 0 in source order).
   * It is found among the rows as typed here, whatever the view makes of the key.
   */
  byKey(key: string, shown: ReadCopy = this): Buffer | undefined {
    const { key: column } = this.manifest.schema;
    if (column === undefined) return /^(0|[1-9]\d{0,14})$/.test(key) ? shown.page(Number(key), 1)[0] : undefined;
    if (this.#index.length === 0) return undefined;
    const hash = keyHash(key, this.manifest.seed);
    for (const ordinal of ordinalsIn(this.#index[hash & (this.#index.length - 1)] as Buffer, hash)) {
      const row = this.#byOrdinal(ordinal);
      if (row !== undefined && this.#isNamed(row, column, key)) return shown === this ? row : shown.#byOrdinal(ordinal);
    }
    return undefined;
  }

  #byOrdinal(ordinal: number): Buffer | undefined {
    return this.#chunks[Math.floor(ordinal / SLOTS)]?.rowIn(ordinal % SLOTS);
  }

  #isNamed(row: Buffer, column: string, key: string): boolean {
    const from = this.#keyPrefix.length;
    if (row.compare(this.#keyPrefix, 0, from, 0, from) === 0) {
      const token = row[from] === QUOTE ? JSON.stringify(key) : key;
      const text = row.toString('utf8', from, from + Buffer.byteLength(token) + 1);
      if (text === `${token},` || text === `${token}}`) return true;
    }
    // The key stands elsewhere in the row, is spelt with other escapes ("A\\/B"), or was converted as its column is.
    const token = tokenOf(row.toString(), column);
    return token !== undefined && (textOf(token) === key || textOf(token) === this.#convertedKey(column, key));
  }

  #convertedKey(name: string, key: string): string | undefined {
    const column = this.schema.columns.find((one: Column) => one.name === name);
    return column === undefined || column.asStored ? undefined : textOf(typedToken(JSON.stringify(key), column.type));
  }

  /**
   * Rows `offset` up to `offset + limit` as slices, at most one per touched chunk; within a slice, and to be put between slices: ",\n".
   * Nothing is copied.
   */
  page(offset: number, limit: number): Buffer[] {
    const slices: Buffer[] = [];
    const end = Math.min(this.rows, offset + limit);
    for (let c = this.#chunkOf(offset), at = offset; at < end; c++) {
      const chunk = this.#chunks[c] as Chunk;
      const from = at - (this.#first[c] as number);
      const to = Math.min(chunk.live, from + end - at);
      if (to > from) slices.push(chunk.slice(from, to));
      at += to - from;
    }
    return slices;
  }

  /** The chunk that holds the row at a place (binary search over the sums). */
  #chunkOf(place: number): number {
    let low = 0;
    let high = Math.max(0, this.#chunks.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#first[middle] as number) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Every row, chunk by chunk: the rows of one chunk joined by ",\n", and how many they are. */
  *all(): Generator<{ rows: Buffer; count: number }> {
    for (const chunk of this.#chunks) if (chunk.live > 0) yield { rows: chunk.rows(), count: chunk.live };
  }

  /** Bytes of `[` + all rows joined by ",\n" + `]`. */
  get jsonBytes(): number {
    const live = this.#chunks.filter((chunk) => chunk.live > 0);
    return 2 + Math.max(0, live.length - 1) * SEPARATOR.length + live.reduce((sum, chunk) => sum + chunk.byteLength(), 0);
  }
}
