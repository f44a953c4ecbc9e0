import { type Column, type Evidence, type RowView, type Schema, textOf, tokenOf } from '@almanac/domain';
import type { Chunk, CopyState } from './chunk.ts';
import { SLOTS } from './codec.ts';
import { Kept, sizeOf } from './kept.ts';
import { keyHash } from './key-hash.ts';
import { ordinalsIn } from './key-table.ts';
import type { Manifest } from './manifest.ts';
import type { Held } from './read-memory.ts';
import { typedToken } from './typed-rows.ts';

const QUOTE = 34;

/**
 * One version of a data set in memory: immutable, so a reader that got it sees one version to the end whatever is written meanwhile.
 * Rows are bytes of minified JSON objects, as typed by the schema.
 */
export class ReadCopy implements Held {
  readonly manifest: Manifest;
  /** bytes of the compressed chunks, the index and the description */
  readonly bytes: number;
  readonly #chunks: readonly Chunk[];
  readonly #index: readonly Buffer[];
  /** live rows before each chunk */
  readonly #first: Uint32Array;
  /** how a row begins whose first member is the key */
  readonly #keyPrefix: Buffer;
  readonly #views = new Map<string, ReadCopy>();
  readonly #kept = new Map<string, Kept>();
  readonly #state: CopyState;
  /** the copy that this one is a view of, or itself: readers and the budget deal with that one */
  #base: ReadCopy = this;
  #readers = 0;
  #onClose = () => {};
  #isUsed = true;

  constructor(manifest: Manifest, chunks: readonly Chunk[], index: readonly Buffer[], state: CopyState) {
    this.manifest = manifest;
    this.bytes = copyBytes(manifest);
    this.#state = state;
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

  /** The same rows in another view, as they are stored if there is none. `name` stands for the view: its copy is made once. */
  viewed(name: string, view: RowView | undefined): ReadCopy {
    const known = this.#views.get(name);
    if (known !== undefined) return known;
    const made = new ReadCopy(
      this.manifest,
      this.#chunks.map((chunk) => chunk.viewed(view)),
      this.#index,
      this.#state,
    );
    made.#base = this.#base;
    this.#views.set(name, made);
    return made;
  }

  /** What was computed from this version: made when it is first requested, and again after the budget dropped it. */
  memoize<T>(name: string, make: () => T): T {
    const known = this.#kept.get(name);
    if (known !== undefined) return known.value as T;
    const made = make();
    this.keep(name, made, sizeOf(made));
    return made;
  }

  /** What `keep` stored under a name, as long as the budget left it there. */
  find<T>(name: string): T | undefined {
    return this.#kept.get(name)?.value as T | undefined;
  }

  /** Stores what was computed from this version; `bytes` counts against the budget. */
  keep(name: string, value: unknown, bytes: number): void {
    if (this.#state.isDropped) return;
    this.forget(name);
    const kept = new Kept(value, () => this.#kept.delete(name));
    this.#kept.set(name, kept);
    this.#state.memory.add(kept, bytes + 2 * name.length);
  }

  forget(name: string): void {
    const kept = this.#kept.get(name);
    if (kept !== undefined) this.#state.memory.drop(kept);
  }

  /** Says that a reader holds this copy beyond one turn of the event loop: its memory is counted until as many releases. */
  retain(): void {
    const base = this.#base;
    if (base.#readers++ === 0) this.#state.memory.pin(base, base.bytes);
  }

  release(): void {
    const base = this.#base;
    if (--base.#readers === 0) this.#state.memory.unpin(base);
  }

  /** Marks the copy as read, so that the budget drops others first. */
  use(): void {
    this.#isUsed = true;
  }

  wasUsed(): boolean {
    const used = this.#isUsed;
    this.#isUsed = false;
    return used;
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  /** The copy left the cache: what was made of it goes too. Readers that hold it read on. */
  close(): void {
    const { memory } = this.#state;
    this.#onClose();
    this.#state.isDropped = true;
    for (const copy of [this, ...this.#views.values()]) {
      for (const chunk of copy.#chunks) memory.drop(chunk);
      for (const kept of [...copy.#kept.values()]) memory.drop(kept);
    }
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

  /** The rows from a place on, at most `most` of them and no further than the end of their chunk: nothing is copied. */
  sliceAt(place: number, most: number): Slice {
    const c = this.#chunkOf(place);
    const chunk = this.#chunks[c] as Chunk;
    const from = place - (this.#first[c] as number);
    const rows = Math.min(chunk.live - from, most);
    return { bytes: rows === chunk.live ? chunk.rows() : chunk.slice(from, from + rows), rows };
  }

  get chunks(): number {
    return this.#chunks.length;
  }

  /** The place of the first row of a chunk; of the chunk after the last, the number of rows. */
  firstOf(chunk: number): number {
    return this.#first[chunk] as number;
  }

  /** Bytes of a chunk's rows joined by ",\n"; if rows are sent as they are stored, this does not open it. */
  chunkBytes(chunk: number): number {
    return (this.#chunks[chunk] as Chunk).byteLength();
  }

  /** Every row, chunk by chunk: the rows of one chunk joined by ",\n", and how many they are. */
  *all(): Generator<{ rows: Buffer; count: number }> {
    for (const chunk of this.#chunks) if (chunk.live > 0) yield { rows: chunk.rows(), count: chunk.live };
  }
}

/** Some rows of one chunk, joined by ",\n". */
export interface Slice {
  bytes: Buffer;
  rows: number;
}

/** Bytes of a chunk's objects and of a copy's own. */
const CHUNK_OBJECTS = 200;
const COPY_OBJECTS = 4096;
/** Objects that JSON.parse makes take several times the text. */
const PARSED = 5;

/** What a copy takes before any of its chunks is opened. */
export const copyBytes = ({ stored, rows, buckets, chunks, textBytes }: Manifest): number =>
  stored + (buckets > 0 ? 9 * rows : 0) + CHUNK_OBJECTS * chunks + PARSED * textBytes + COPY_OBJECTS;
