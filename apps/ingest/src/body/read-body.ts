import type { Readable } from 'node:stream';
import { inTime, loadLimits, ProblemError, withUnit } from '@almanac/domain';
import { Pace } from './pace.ts';

export interface BodyLimits {
  /** bytes of one body, as sent and as unpacked */
  maxBytes: number;
  /** seconds without a byte after which the body is given up; also those over which its rate is measured */
  stallSeconds: number;
}

const ADVICE = 'leave out columns or rows that are not needed, or have MAX_BODY_BYTES raised';

/** Refuses a body whose Content-Length alone is too much, before it is sent. */
export function refuseTooLarge(bytes: number | undefined, maxBytes: number): void {
  if (bytes !== undefined && bytes > maxBytes) throw bodyTooLarge(bytes, maxBytes, ADVICE);
}

const bodyTooLarge = (value: number, maxBytes: number, advice: string) =>
  new ProblemError('body-too-large', `The body is larger than the ${withUnit(maxBytes, 'bytes')} this route takes; ${advice}.`, {
    extra: { maxBytes, limit: maxBytes, value, unit: 'bytes' },
  });

/** What a body brought so far, as sent: for reports, and for what may be unpacked from it. */
export interface Meter {
  bytes: number;
}

/**
 * A request's body as it comes. Throws 413 past maxBytes and 408 when nothing comes for stallSeconds, or too little: that only counts while
 * we wait for the client, not while it waits for us. Leaving the loop early leaves the connection open, so that it can be answered.
 */
export async function* readBody(body: Readable, { maxBytes, stallSeconds }: BodyLimits, meter: Meter): AsyncGenerator<Uint8Array> {
  const iterator = body.iterator({ destroyOnReturn: false });
  const pace = new Pace(stallSeconds);
  try {
    for (;;) {
      const from = performance.now();
      const next = await inTime(iterator.next(), stallSeconds * 1000, stalled(stallSeconds));
      if (next.done === true) return;
      const chunk = next.value as Uint8Array;
      pace.count(chunk.length, performance.now() - from);
      meter.bytes += chunk.length;
      if (meter.bytes > maxBytes) throw bodyTooLarge(meter.bytes, maxBytes, ADVICE);
      yield chunk;
    }
  } catch (error) {
    throw isClientGone(error) ? clientGone(error) : error;
  } finally {
    // A stalled read never ends: there is nothing to wait for.
    iterator.return?.().catch(() => {});
  }
}

/** So much may be unpacked from however few bytes. */
const FREE_BYTES = 1 << 20;

/** Bytes that were unpacked from a body, within the same limit and in proportion to what was sent: a small archive may hold very much. */
export async function* withinLimit(bytes: AsyncIterable<Uint8Array>, maxBytes: number, meter: Readonly<Meter>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > maxBytes) throw bodyTooLarge(size, maxBytes, `unpacked it is larger; ${ADVICE}`);
    if (size > FREE_BYTES && size > meter.bytes * loadLimits.expansion.value) throw expandsTooMuch(size, meter.bytes);
    yield chunk;
  }
}

function expandsTooMuch(unpacked: number, sent: number): ProblemError {
  const { value: limit, unit } = loadLimits.expansion;
  const value = Math.ceil(unpacked / sent);
  return new ProblemError(
    'body-too-large',
    `The archive expands too much: ${withUnit(value, unit)} its size so far, the limit is ${withUnit(limit, unit)}. Send the data unpacked.`,
    { extra: { limit, value, unit } },
  );
}

const stalled = (seconds: number) => () =>
  new ProblemError('request-timeout', `No byte of the body came for ${seconds} s. Nothing was changed; send it again.`);

const isClientGone = (error: unknown): boolean =>
  error instanceof Error && ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Nobody is there to read it; it ends the load in the same way as a body that is wrong. */
const clientGone = (cause: unknown) =>
  new ProblemError('bad-request', 'The client went away before the body was complete. Nothing was changed.', { cause });
