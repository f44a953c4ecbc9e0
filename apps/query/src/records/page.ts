import { readLimits, withUnit } from '@almanac/domain';
import { lengthOf, type Piece } from '../http/body.ts';
import type { Rendering } from '../renderings/rendering.ts';
import { type Selection, slices } from '../rows/selection.ts';
import { TimeSlice } from '../time-slice.ts';

const { pageBytes, pageReadBytes, bufferedBytes } = readLimits;

/** The part of a page that fits. */
export interface Fitted {
  rows: number;
  /** bytes of the rendered rows and their separators */
  bytes: number;
  /** the rendered rows, if they are small */
  pieces: Piece[] | undefined;
}

/**
 * How many of the selected rows fit into one page: all, or as many as the limit on bytes allows, at least one. Small pages are kept;
 * large ones are only measured, and rendered again while the client reads them.
 */
export async function fit(selection: Selection, { between, mostRows, render }: Rendering): Promise<Fitted> {
  const timeSlice = new TimeSlice();
  let [rows, bytes, read] = [0, 0, 0];
  let pieces: Piece[] | undefined = [];
  for (const slice of slices(selection, mostRows)) {
    const piece = render(slice.bytes);
    const length = lengthOf(piece) + (rows === 0 ? 0 : between.length);
    read += slice.bytes.length;
    if (rows > 0 && (bytes + length > pageBytes.value || read > pageReadBytes.value)) break;
    if (bytes + length > bufferedBytes.value) pieces = undefined;
    pieces?.push(...(rows === 0 || between === '' ? [piece] : [between, piece]));
    rows += slice.rows;
    bytes += length;
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  return { rows, bytes, pieces };
}

/** The note on a page that ended early. */
export const endedEarly = (returned: number): string =>
  `The page ends after ${returned.toLocaleString('en')} ${returned === 1 ? 'record' : 'records'}: a page has at most ${withUnit(pageBytes.value, pageBytes.unit)}. The next link continues.`;
