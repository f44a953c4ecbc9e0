import type { Readable } from 'node:stream';
import { inTime, jobLimits, limitExceeded, ProblemError } from '@almanac/domain';

/** Bytes of one write to the store, and of a result in memory. */
export const PIECE_BYTES = 256 * 1024;
const STALL_MS = 30_000;
const limit = jobLimits.resultBytes;

export const tooLarge = (bytes: number): ProblemError =>
  limitExceeded('body-too-large', limit, bytes, { detail: 'The result is too large' });

/**
 * The body of a result in pieces of about 256 KB. Throws 413 above the limit, and 408 if no byte arrives for 30 s. Leaving the loop early
 * keeps the connection open, so that the error can be sent.
 */
export async function* piecesOf(body: Readable, { stallMs = STALL_MS } = {}): AsyncGenerator<Buffer> {
  const iterator = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  let [total, held, chunks]: [number, number, Buffer[]] = [0, 0, []];
  try {
    for (
      let next = await inTime(iterator.next(), stallMs, stalled(stallMs));
      next.done !== true;
      next = await inTime(iterator.next(), stallMs, stalled(stallMs))
    ) {
      total += next.value.length;
      held += next.value.length;
      if (total > limit.value) throw tooLarge(total);
      chunks.push(next.value);
      if (held < PIECE_BYTES) continue;
      yield Buffer.concat(chunks);
      [held, chunks] = [0, []];
    }
    if (held > 0) yield Buffer.concat(chunks);
  } finally {
    // Not awaited, because a stalled read never ends.
    iterator.return?.().catch(() => {});
  }
}

const stalled = (ms: number) => () =>
  new ProblemError('request-timeout', `No byte of the result arrived for ${ms / 1000} s. Nothing was stored. Send it again.`);
