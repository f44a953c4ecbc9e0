import { ProblemError } from '@almanac/domain';
import type { FastifyRequest } from 'fastify';

/** Bytes `first` to `last` (included) of an answer. */
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
 * The one stretch of bytes that a Range header names in a body of this length; undefined for what is to be answered with the whole body:
 * several ranges, other units, text that is no range. Throws 416 if no byte of it exists.
 */
export function rangeIn(header: string, length: number): ByteRange | undefined {
  const [, from = '', to = ''] = /^\s*bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/i.exec(header) ?? [];
  if (from === '' && to === '') return undefined;
  const [first, last] =
    from === '' ? [Math.max(0, length - Number(to)), length - 1] : [Number(from), Math.min(Number(to || length), length - 1)];
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (first < length && last >= first) return { first, last };
  throw new ProblemError('range-not-satisfiable', `The body has ${length.toLocaleString('en')} bytes; none of the bytes asked for exist.`, {
    headers: { 'content-range': `bytes */${length}` },
  });
}
