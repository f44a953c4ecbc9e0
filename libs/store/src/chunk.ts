import type { RowView } from '@almanac/domain';
import { isPresent, liveOf, NEWLINE, rankOf, rawLengthOf, rawOf, SEPARATOR } from './codec.ts';

/** Opened chunks in memory, within a budget: what was not used since it was last looked at goes first (second chance). */
export class OpenChunks {
  readonly #limit: number;
  #bytes = 0;
  #opened = new Set<Chunk>();

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(chunk: Chunk, bytes: number): void {
    this.#bytes += bytes;
    this.#opened.add(chunk);
    for (const oldest of this.#opened) {
      if (this.#bytes <= this.#limit || this.#opened.size === 1) break;
      if (oldest === chunk) continue;
      this.#opened.delete(oldest);
      if (oldest.wasUsed()) this.#opened.add(oldest);
      else this.#bytes -= oldest.close();
    }
  }
}

/** One chunk in query's memory: the compressed bytes always, rows and their offsets from the first touch on. */
export class Chunk {
  readonly blob: Buffer;
  readonly live: number;
  readonly #view: RowView | undefined;
  readonly #opened: OpenChunks;
  #raw: Buffer | undefined;
  #offsets: Uint32Array | undefined;
  #isUsed = false;

  constructor(blob: Buffer, view: RowView | undefined, opened: OpenChunks) {
    this.blob = blob;
    this.live = liveOf(blob);
    this.#view = view;
    this.#opened = opened;
  }

  /** The same rows shown in another way: only what is opened is held twice. */
  viewed(view: RowView | undefined): Chunk {
    return new Chunk(this.blob, view, this.#opened);
  }

  /** All live rows, joined by ",\n". */
  rows(): Buffer {
    this.#isUsed = true;
    return this.#raw ?? this.#open();
  }

  /** Rows `from` up to `to` (places among the live ones), joined by ",\n". */
  slice(from: number, to: number): Buffer {
    const raw = this.rows();
    const offsets = this.#offsets as Uint32Array;
    return raw.subarray(offsets[from], (offsets[to] as number) - SEPARATOR.length);
  }

  /** The row in a slot, or undefined where it is empty. */
  rowIn(slot: number): Buffer | undefined {
    if (!isPresent(this.blob, slot)) return undefined;
    const place = rankOf(this.blob, slot);
    return this.slice(place, place + 1);
  }

  /** Bytes of all rows as they go out; opens the chunk only where its rows are converted. */
  byteLength(): number {
    return this.#view === undefined ? rawLengthOf(this.blob) : this.rows().length;
  }

  #open(): Buffer {
    const stored = rawOf(this.blob);
    const view = this.#view;
    const raw = view === undefined || this.live === 0 ? stored : Buffer.from(stored.toString().split(SEPARATOR).map(view).join(SEPARATOR));
    const offsets = new Uint32Array(this.live + 1);
    for (let i = 1, at = 0; i < this.live; i++) {
      at = raw.indexOf(NEWLINE, at) + 1;
      offsets[i] = at;
    }
    offsets[this.live] = raw.length + SEPARATOR.length;
    this.#offsets = offsets;
    this.#raw = raw;
    this.#opened.add(this, raw.length + offsets.byteLength);
    return raw;
  }

  /** Whether it was read since the last time this was asked. */
  wasUsed(): boolean {
    const used = this.#isUsed;
    this.#isUsed = false;
    return used;
  }

  /** Lets go of the rows; answers how many bytes that frees. */
  close(): number {
    const bytes = (this.#raw?.length ?? 0) + (this.#offsets?.byteLength ?? 0);
    this.#raw = undefined;
    this.#offsets = undefined;
    return bytes;
  }
}
