import type { Readable } from 'node:stream';
import { bodyTooLarge, ProblemError } from '@almanac/domain';

export interface BodyLimits {
  /** bytes of one body, as sent and as unpacked */
  maxBytes: number;
  /** seconds without a byte after which the body is given up */
  stallSeconds: number;
}

const ADVICE = 'leave out columns or rows that are not needed, or have MAX_BODY_BYTES raised';

/** Refuses a body whose Content-Length alone is too much, before it is sent. */
export function refuseTooLarge(bytes: number | undefined, maxBytes: number): void {
  if ((bytes ?? 0) > maxBytes) throw bodyTooLarge(maxBytes, ADVICE);
}

/** What a body brought so far, for reports. */
export interface Meter {
  bytes: number;
}

/**
 * A request's body as it comes. Throws 413 past maxBytes and 408 when nothing comes for stallSeconds, which only counts while
 * we wait for the client, not while it waits for us. Leaving the loop early leaves the connection open, so that it can be answered.
 */
export async function* readBody(body: Readable, { maxBytes, stallSeconds }: BodyLimits, meter: Meter): AsyncGenerator<Uint8Array> {
  const iterator = body.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const next = await inTime(iterator.next(), stallSeconds);
      if (next.done === true) return;
      const chunk = next.value as Uint8Array;
      meter.bytes += chunk.length;
      if (meter.bytes > maxBytes) throw bodyTooLarge(maxBytes, ADVICE);
      yield chunk;
    }
  } catch (error) {
    throw isClientGone(error) ? clientGone(error) : error;
  } finally {
    // A stalled read never ends: there is nothing to wait for.
    iterator.return?.().catch(() => {});
  }
}

/** Bytes that were unpacked from a body, within the same limit: a small archive may hold very much. */
export async function* withinLimit(bytes: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > maxBytes) throw bodyTooLarge(maxBytes, `unpacked it is larger; ${ADVICE}`);
    yield chunk;
  }
}

async function inTime<T>(promise: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stall = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ProblemError('request-timeout', `No byte of the body came for ${seconds} s. Nothing was changed; send it again.`));
    }, seconds * 1000);
  });
  try {
    return await Promise.race([promise, stall]);
  } finally {
    clearTimeout(timer);
  }
}

const isClientGone = (error: unknown): boolean =>
  error instanceof Error && ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Nobody is there to read it; it ends the load in the same way as a body that is wrong. */
const clientGone = (cause: unknown) =>
  new ProblemError('bad-request', 'The client went away before the body was complete. Nothing was changed.', { cause });
