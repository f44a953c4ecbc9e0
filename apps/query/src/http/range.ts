import { ProblemError } from '@almanac/domain';
import type { FastifyRequest } from 'fastify';

/** Bytes `first` to `last` (inclusive) of a response. */
export interface ByteRange {
  first: number;
  last: number;
}

/** Whether the request asks for part of exactly this body (RFC 9110, 14.2): If-Range names another version's tag if the body has changed. */
export function asksForRange({ method, headers }: FastifyRequest, etag: string): boolean {
  const { range, 'if-range': ifRange } = headers;
  return method === 'GET' && range !== undefined && (ifRange === undefined || ifRange === etag);
}

/**
 * The range of bytes that a Range header requests of a body of this length; undefined if the whole body is to be sent: for several
 * ranges, other units, and text that is no range. Throws 416 if no byte of the range exists.
 */
export function rangeIn(header: string, length: number): ByteRange | undefined {
  const [, from = '', to = ''] = /^\s*bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/i.exec(header) ?? [];
  if (from === '' && to === '') return undefined;
  const [first, last] =
    from === '' ? [Math.max(0, length - Number(to)), length - 1] : [Number(from), Math.min(Number(to || length), length - 1)];
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (first < length && last >= first) return { first, last };
  throw new ProblemError(
    'range-not-satisfiable',
    `The requested range lies outside the body, which has ${length.toLocaleString('en')} bytes.`,
    {
      headers: { 'content-range': `bytes */${length}` },
    },
  );
}
