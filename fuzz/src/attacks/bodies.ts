import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Random } from '@almanac/testkit';

/** Returns the id of a data set of the attackers. There are only a few, so that they do not fill the store. */
export const attackId = (random: Random): string => `fuzz-${random.integer(0, 11)}`;

export const gzipped = (text: string | Buffer): Buffer => gzipSync(text, { level: 6 });

/** A stream that repeats `piece` until it has sent `bytes`. It is never held in memory as a whole. */
export function repeated(piece: string, bytes: number, before = '', after = ''): Readable {
  const chunk = Buffer.from(piece.repeat(Math.max(1, Math.ceil((64 * 1024) / piece.length))));
  return Readable.from(
    (function* () {
      if (before !== '') yield Buffer.from(before);
      for (let left = bytes; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk;
      if (after !== '') yield Buffer.from(after);
    })(),
  );
}

/** A stream of single bytes, until the receiver closes it or `isOver`. */
export function dripping(first: string, everyMs: number, isOver: () => boolean): Readable {
  return Readable.from(
    (async function* () {
      yield first;
      while (!isOver()) {
        await new Promise((resolve) => setTimeout(resolve, everyMs));
        yield 'x';
      }
    })(),
  );
}

/** Returns `inner` inside `depth` pairs of brackets. */
export const nested = (depth: number, open: string, close: string, inner: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);
