import type { RowView } from '@almanac/domain';
import { isPresent, liveOf, NEWLINE, rankOf, rawLengthOf, rawOf, SEPARATOR } from './codec.ts';
import type { Held, ReadMemory } from './read-memory.ts';

/** What the chunks of one copy share. */
export interface CopyState {
  readonly memory: ReadMemory;
  /** the copy left the cache: readers that still hold it use it to the end, and nothing of it is cached any more */
  isDropped: boolean;
}

/** Bytes of an opened chunk beside its rows: its objects and its entry in the budget. */
const OPENED_BYTES = 400;

interface Opened {
  raw: Buffer;
  offsets: Uint32Array;
}

/** One chunk in query's memory: the compressed bytes always, rows and their offsets from the first touch until the budget drops them. */
export class Chunk implements Held {
  readonly blob: Buffer;
  readonly live: number;
  readonly #view: RowView | undefined;
  readonly #state: CopyState;
  #opened: Opened | undefined;
  #isUsed = false;

  constructor(blob: Buffer, view: RowView | undefined, state: CopyState) {
    this.blob = blob;
    this.live = liveOf(blob);
    this.#view = view;
    this.#state = state;
  }

  /** The same rows shown in another way: only what is opened is held twice. */
  viewed(view: RowView | undefined): Chunk {
    return new Chunk(this.blob, view, this.#state);
  }

  /** All live rows, joined by ",\n". */
  rows(): Buffer {
    return this.#open().raw;
  }

  /** Rows `from` up to `to` (places among the live ones), joined by ",\n". */
  slice(from: number, to: number): Buffer {
    const { raw, offsets } = this.#open();
    return raw.subarray(offsets[from], (offsets[to] as number) - SEPARATOR.length);
  }

  /** The row in a slot, or undefined if it is empty. */
  rowIn(slot: number): Buffer | undefined {
    if (!isPresent(this.blob, slot)) return undefined;
    const place = rankOf(this.blob, slot);
    return this.slice(place, place + 1);
  }

  /** Bytes of all rows as they go out; opens the chunk only if its rows are converted. */
  byteLength(): number {
    return this.#view === undefined ? rawLengthOf(this.blob) : this.rows().length;
  }

  #open(): Opened {
    this.#isUsed = true;
    if (this.#opened !== undefined) return this.#opened;
    const stored = rawOf(this.blob);
    const view = this.#view;
    const raw = view === undefined || this.live === 0 ? stored : Buffer.from(stored.toString().split(SEPARATOR).map(view).join(SEPARATOR));
    const opened = { raw, offsets: offsetsIn(raw, this.live) };
    if (this.#state.isDropped) return opened;
    this.#opened = opened;
    this.#state.memory.add(this, raw.length + opened.offsets.byteLength + OPENED_BYTES);
    return opened;
  }

  wasUsed(): boolean {
    const used = this.#isUsed;
    this.#isUsed = false;
    return used;
  }

  close(): void {
    this.#opened = undefined;
  }
}

/** The offset of each row, and the offset after the last. */
function offsetsIn(raw: Buffer, live: number): Uint32Array {
  const offsets = new Uint32Array(live + 1);
  for (let i = 1, at = 0; i < live; i++) {
    at = raw.indexOf(NEWLINE, at) + 1;
    offsets[i] = at;
  }
  offsets[live] = raw.length + SEPARATOR.length;
  return offsets;
}
