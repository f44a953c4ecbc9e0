import type { Slice } from '@almanac/store';
import type { Piece } from '../http/body.ts';

/** How one form writes records: each slice of rows becomes one piece, whatever comes before and after it. */
export interface Rendering {
  head: string;
  between: string;
  tail: string;
  /** maximum rows of a slice, so that a piece stays small even if the format adds much to each row */
  mostRows: number;
  render(rows: Buffer): Piece;
  /** The length of the result of `render` by the bytes and number of its rows, if it follows from them. */
  measure?: (bytes: number, rows: number) => number;
}

/** What a form may add to the rows of one slice. */
const ADDED_BYTES = 128 * 1024;

/** Maximum rows of one piece, by the bytes that the format adds to each. */
export const mostRows = (addedBytes: number): number => Math.max(1, Math.floor(ADDED_BYTES / Math.max(1, addedBytes)));

/** Where a response begins: with its head, with its first row, or with a later row. */
export type Beginning = 'head' | 'first row' | 'later row';

/** The pieces of a response from its beginning on. */
export function* piecesOf(
  slices: Iterable<Slice>,
  { head, between, tail, render }: Rendering,
  beginning: Beginning = 'head',
): Generator<Piece> {
  if (beginning === 'head' && head !== '') yield head;
  let isNext = beginning === 'later row';
  for (const { bytes } of slices) {
    if (isNext && between !== '') yield between;
    isNext = true;
    yield render(bytes);
  }
  if (tail !== '') yield tail;
}
