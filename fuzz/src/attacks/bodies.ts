import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { Random } from '@almanac/testkit';

/** A data set name of the attackers: few of them, so that the store does not fill up with their sets. */
export const attackId = (random: Random): string => `fuzz-${random.integer(0, 11)}`;

export const gzipped = (text: string | Buffer): Buffer => gzipSync(text, { level: 6 });

/** A body that is made while it is sent: `piece` until `bytes` are out. It never stands whole in memory. */
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

/** One byte at a time, until the receiver ends it or `isOver`. */
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

/** `inner` inside `depth` pairs of brackets. */
export const nested = (depth: number, open: string, close: string, inner: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);
