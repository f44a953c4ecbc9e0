import { readLimits } from '@almanac/domain';

export type Piece = Buffer | Uint8Array | string;

const BUFFERED = readLimits.bufferedBytes.value;

/** The body of a response: pieces that are made while they are sent, and their bytes if known beforehand. */
export interface Body {
  /** a list: everything is made already and is written at once */
  pieces: Iterable<Piece> | AsyncIterable<Piece>;
  bytes: number | undefined;
  /** Called when the body begins to be streamed; returns what is called at its end. Throws 503 if there is no room. */
  hold?: (() => () => void) | undefined;
}

export const lengthOf = (piece: Piece): number => (typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length);

/** A body whose length is known if it is small: then it is made at once, else it is made as the caller takes it. */
export function begun(pieces: Iterable<Piece>, hold?: Body['hold']): Body {
  const source = pieces[Symbol.iterator]();
  const first: Piece[] = [];
  let bytes = 0;
  for (let next = source.next(); ; next = source.next()) {
    if (next.done) return { pieces: first, bytes };
    first.push(next.value);
    bytes += lengthOf(next.value);
    if (bytes > BUFFERED) return { pieces: followedBy(first, source), bytes: undefined, hold };
  }
}

/** The same for pieces whose making gives way to other requests. */
export async function begunAsync(pieces: Iterable<Piece> | AsyncIterable<Piece>, hold?: Body['hold']): Promise<Body> {
  if (!(Symbol.asyncIterator in pieces)) return begun(pieces, hold);
  const source = pieces[Symbol.asyncIterator]();
  const first: Piece[] = [];
  let bytes = 0;
  for (let next = await source.next(); ; next = await source.next()) {
    if (next.done) return { pieces: first, bytes };
    first.push(next.value);
    bytes += lengthOf(next.value);
    if (bytes > BUFFERED) return { pieces: asyncFollowedBy(first, source), bytes: undefined, hold };
  }
}

async function* asyncFollowedBy(first: Piece[], rest: AsyncIterator<Piece>): AsyncGenerator<Piece> {
  for (let piece = first.shift(); piece !== undefined; piece = first.shift()) yield piece;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function* followedBy(first: Piece[], rest: Iterator<Piece>): Generator<Piece> {
  // Each piece is let go as it is taken.
  for (let piece = first.shift(); piece !== undefined; piece = first.shift()) yield piece;
  yield* { [Symbol.iterator]: () => rest };
}

/** Bytes that are in memory already, sent in parts so that a slow caller makes no copy of them. */
export const parts = (bytes: Buffer): Body =>
  bytes.length <= BUFFERED ? { pieces: [bytes], bytes: bytes.length } : { pieces: cut(bytes), bytes: bytes.length };

function* cut(bytes: Buffer): Generator<Piece> {
  for (let at = 0; at < bytes.length; at += BUFFERED) yield bytes.subarray(at, at + BUFFERED);
}
