export type Piece = Buffer | Uint8Array | string;

/** What goes out: pieces made as they are sent, and how many bytes they are where that is known beforehand. */
export interface Body {
  pieces: Iterable<Piece>;
  bytes: number | undefined;
}

/** A body small enough to be made at once, so that its length is known. */
export function measured(pieces: Iterable<Piece>): Body {
  const all = [...pieces];
  let bytes = 0;
  for (const piece of all) bytes += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length;
  return { pieces: all, bytes };
}

export const streamed = (pieces: Iterable<Piece>): Body => ({ pieces, bytes: undefined });
