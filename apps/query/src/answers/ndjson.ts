import type { Piece } from './body.ts';

/** One record a line, the last one too. */
export function* ndjsonPieces(rows: Iterable<Piece>): Generator<Piece> {
  for (const piece of rows) yield linesOf(typeof piece === 'string' ? Buffer.from(piece) : piece);
}

/** Rows joined by ",\n" as lines: the same bytes without the commas. */
function linesOf(rows: Uint8Array): Buffer {
  const lines = Buffer.allocUnsafe(rows.length + 1);
  let from = 0;
  let to = 0;
  for (let end = rows.indexOf(10); end >= 0; end = rows.indexOf(10, from)) {
    lines.set(rows.subarray(from, end - 1), to);
    to += end - 1 - from;
    lines[to++] = 10;
    from = end + 1;
  }
  lines.set(rows.subarray(from), to);
  to += rows.length - from;
  lines[to++] = 10;
  return lines.subarray(0, to);
}
