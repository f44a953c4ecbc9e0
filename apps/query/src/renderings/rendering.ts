import type { Slice } from '@almanac/store';
import type { Piece } from '../http/body.ts';

/** How one form writes records: each slice of rows becomes one piece, whatever comes before and after it. */
export interface Rendering {
  head: string;
  between: string;
  tail: string;
  /** rows of a slice at most, so that a piece stays small where a form adds much to each row */
  mostRows: number;
  render(rows: Buffer): Piece;
  /** The length of what `render` makes of so many rows with so many bytes, where that follows from the two. */
  measure?: (bytes: number, rows: number) => number;
}

/** What a form may add to the rows of one slice. */
const ADDED_BYTES = 128 * 1024;

/** Rows of one piece if the form adds so many bytes to each. */
export const mostRows = (addedBytes: number): number => Math.max(1, Math.floor(ADDED_BYTES / Math.max(1, addedBytes)));

/** Where an answer begins: with its head, with its first row, or with a row that others came before. */
export type Beginning = 'head' | 'first row' | 'later row';

/** The pieces of an answer from its beginning on. */
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
