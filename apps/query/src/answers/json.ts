import type { Piece } from './body.ts';

/** Rows between a head and a tail. */
export function* jsonPieces(head: string, rows: Iterable<Piece>, tail: string): Generator<Piece> {
  let before = head;
  for (const piece of rows) {
    yield before;
    yield piece;
    before = ',\n';
  }
  yield before === head ? head + tail : tail;
}
