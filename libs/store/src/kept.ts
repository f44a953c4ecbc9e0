import type { Held } from './read-memory.ts';

/** One thing that was computed from a read copy. */
export class Kept implements Held {
  readonly #value: unknown;
  readonly #remove: () => void;
  #isUsed = true;

  constructor(value: unknown, remove: () => void) {
    this.#value = value;
    this.#remove = remove;
  }

  get value(): unknown {
    this.#isUsed = true;
    return this.#value;
  }

  wasUsed(): boolean {
    const used = this.#isUsed;
    this.#isUsed = false;
    return used;
  }

  close(): void {
    this.#remove();
  }
}

/** Items of a list that are measured; the others are taken to be like them. */
const SAMPLE = 100;
const ITEM_BYTES = 16;
const DEPTH = 4;

/** Roughly the bytes that a value takes: exact for bytes, an estimate from a sample for lists. */
export function sizeOf(value: unknown, depth = DEPTH): number {
  if (typeof value === 'string') return 2 * value.length + ITEM_BYTES;
  if (typeof value !== 'object' || value === null) return ITEM_BYTES;
  if (ArrayBuffer.isView(value)) return value.byteLength + ITEM_BYTES;
  if (depth === 0) return ITEM_BYTES;
  if (Array.isArray(value)) return sampled(value, value.length, depth);
  if (value instanceof Map) return sampled(value, value.size, depth);
  if (value instanceof Set) return sampled(value, value.size, depth);
  const members = Object.entries(value);
  return sampled(members, members.length, depth);
}

function sampled(items: Iterable<unknown>, count: number, depth: number): number {
  let [bytes, seen] = [0, 0];
  const step = Math.max(1, Math.floor(count / SAMPLE));
  let i = 0;
  for (const item of items) {
    if (i++ % step !== 0) continue;
    bytes += sizeOf(item, depth - 1);
    if (++seen === SAMPLE) break;
  }
  return ITEM_BYTES * (count + 1) + (seen === 0 ? 0 : (bytes / seen) * count);
}
