import type { Readable } from 'node:stream';
import { inTime, loadLimits, ProblemError, withUnit } from '@almanac/domain';
import { Pace } from './pace.ts';

export interface BodyLimits {
  /** bytes of one body, as sent and as unpacked */
  maxBytes: number;
  /** seconds without a byte after which the load is abandoned; also the window over which the rate is measured */
  stallSeconds: number;
}

const ADVICE = 'Leave out columns or rows, or raise MAX_BODY_BYTES.';

/** Rejects a body by its Content-Length, before it is sent. */
export function refuseTooLarge(bytes: number | undefined, maxBytes: number): void {
  if (bytes !== undefined && bytes > maxBytes) throw bodyTooLarge('The body', bytes, maxBytes);
}

const bodyTooLarge = (what: string, value: number, maxBytes: number) =>
  new ProblemError('body-too-large', `${what} is larger than the limit of ${withUnit(maxBytes, 'bytes')}. ${ADVICE}`, {
    extra: { maxBytes, limit: maxBytes, value, unit: 'bytes' },
  });

/** Bytes of a body that arrived so far, as sent: for reports, and as the base of the limit on unpacking. */
export interface Meter {
  bytes: number;
}

/**
 * Yields a request's body as it arrives. Throws 413 above maxBytes, and 408 if nothing, or too little, arrives for stallSeconds; only time
 * in which we wait for the client counts. Leaving the loop early leaves the connection open, so that a response can be sent.
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
      if (meter.bytes > maxBytes) throw bodyTooLarge('The body', meter.bytes, maxBytes);
      yield chunk;
    }
  } catch (error) {
    throw isClientGone(error) ? clientGone(error) : error;
  } finally {
    // Not awaited: a stalled read never ends.
    iterator.return?.().catch(() => {});
  }
}

/** Bytes that may be unpacked from a body of any size. */
const FREE_BYTES = 1 << 20;

/** Checks unpacked bytes against the limit of a body, and against the bytes sent: a small archive can expand to a huge size. */
export async function* withinLimit(bytes: AsyncIterable<Uint8Array>, maxBytes: number, meter: Readonly<Meter>): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > maxBytes) throw bodyTooLarge('The unpacked body', size, maxBytes);
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
  new ProblemError('request-timeout', `No byte of the body arrived for ${seconds} s. Nothing was changed. Retry.`);

const isClientGone = (error: unknown): boolean =>
  error instanceof Error && ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** No client can read this; it ends the load in the same way as an invalid body. */
const clientGone = (cause: unknown) =>
  new ProblemError('bad-request', 'The client disconnected before the body was complete. Nothing was changed.', { cause });
