import { readLimits, withUnit } from '@almanac/domain';
import { lengthOf, type Piece } from '../http/body.ts';
import type { Rendering } from '../renderings/rendering.ts';
import { type Selection, slices } from '../rows/selection.ts';
import { TimeSlice } from '../time-slice.ts';

const { pageBytes, pageReadBytes, bufferedBytes } = readLimits;

/** How much of a page fits. */
export interface Fitted {
  rows: number;
  /** bytes of the rendered rows and what stands between them */
  bytes: number;
  /** the rows as they go out, if they are few bytes */
  pieces: Piece[] | undefined;
}

/**
 * How many of the selected rows one page may have: all, or as many as fit into the bytes of a page, at least one. Small pages are kept,
 * large ones are only measured: they are rendered again as the caller takes them.
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

/** What a page that ended early says of it. */
export const endedEarly = (returned: number): string =>
  `The page ends after ${returned.toLocaleString('en')} ${returned === 1 ? 'record' : 'records'}, because a page has at most ${withUnit(pageBytes.value, pageBytes.unit)}; the next link continues.`;
