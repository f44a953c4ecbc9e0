import type { ByteRange } from '@almanac/service';
import type { ReadCopy } from '@almanac/store';
import { lengthOf, type Piece } from '../http/body.ts';
import { select, slices } from '../rows/selection.ts';
import type { TimeSlice } from '../time-slice.ts';
import { piecesOf, type Rendering } from './rendering.ts';

/** The offsets of the rows of each chunk in the response with the whole set, their separator included. */
export interface Lengths {
  starts: Float64Array;
  /** bytes of the whole response */
  total: number;
}

/**
 * Measures a whole set in one format, by rendering it once if there is no other way. One number per chunk is kept, as long as the budget allows: then a
 * length is known at once, and any part is found without rendering the rows before it.
 */
export async function lengthsOf(copy: ReadCopy, name: string, rendering: Rendering, timeSlice: TimeSlice): Promise<Lengths> {
  const known = copy.find<Lengths>(name);
  if (known !== undefined) return known;
  const lengths = await measured(copy, rendering, timeSlice);
  copy.keep(name, lengths, lengths.starts.byteLength);
  return lengths;
}

async function measured(copy: ReadCopy, rendering: Rendering, timeSlice: TimeSlice): Promise<Lengths> {
  const starts = new Float64Array(copy.chunks);
  let total = lengthOf(rendering.head);
  for (let c = 0; c < copy.chunks; c++) {
    starts[c] = total;
    const [from, rows] = [copy.firstOf(c), copy.firstOf(c + 1) - copy.firstOf(c)];
    if (rows === 0) continue;
    if (from > 0) total += rendering.between.length;
    total += rendering.measure?.(copy.chunkBytes(c), rows) ?? (await rendered(copy, from, rows, rendering, timeSlice));
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  return { starts, total: total + lengthOf(rendering.tail) };
}

/** Bytes of a chunk's rows in a form that must be made to be measured. */
async function rendered(
  copy: ReadCopy,
  from: number,
  rows: number,
  { between, mostRows, render }: Rendering,
  timeSlice: TimeSlice,
): Promise<number> {
  let bytes = -between.length;
  for (const slice of slices(select(copy, undefined, from, rows), mostRows)) {
    bytes += between.length + lengthOf(render(slice.bytes));
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  return bytes;
}

/** The pieces of bytes `first` to `last` of the response with a whole set. At most one chunk is rendered in vain. */
export function* partOf(copy: ReadCopy, rendering: Rendering, { starts }: Lengths, { first, last }: ByteRange): Generator<Piece> {
  const chunk = chunkAt(starts, first);
  const row = chunk < 0 ? 0 : copy.firstOf(chunk);
  let at = chunk < 0 ? 0 : (starts[chunk] as number);
  const rest = slices(select(copy, undefined, row, copy.rows - row), rendering.mostRows);
  for (const piece of piecesOf(rest, rendering, chunk < 0 ? 'head' : row === 0 ? 'first row' : 'later row')) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    const [from, to] = [Math.max(0, first - at), Math.min(bytes.length, last + 1 - at)];
    if (to > from) yield bytes.subarray(from, to);
    at += bytes.length;
    if (at > last) return;
  }
}

/** The last chunk that begins at or before a byte; -1 for a byte of the head. */
function chunkAt(starts: Float64Array, byte: number): number {
  let [low, high] = [-1, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= byte) low = middle;
    else high = middle - 1;
  }
  return low;
}
