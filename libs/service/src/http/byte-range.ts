/** The bytes `first` to `last` (inclusive) of a body. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * The byte range that a Range header requests of a body of `length` bytes (RFC 9110, 14.2). Undefined if the whole body is to be sent: no
 * header, several ranges, another unit or invalid syntax. 'unsatisfiable' if none of the bytes exist (416).
 */
export function byteRange(header: string | undefined, length: number): ByteRange | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^\s*bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/i.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const first = from === '' ? Math.max(0, length - Number(to)) : Number(from);
  const last = from === '' || to === '' ? length - 1 : Math.min(Number(to), length - 1);
  return first < length && last >= first ? { first, last } : 'unsatisfiable';
}

/** Whether a Range header applies to the current body: there is no If-Range, or it has this entity tag (RFC 9110, 13.1.5). */
export const isRangeCurrent = (ifRange: string | string[] | undefined, etag: string): boolean => ifRange === undefined || ifRange === etag;
