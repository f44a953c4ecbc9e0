export interface ByteRange {
  /** the first byte */
  from: number;
  /** the last byte */
  to: number;
}

/**
 * The range of a Range header (RFC 9110, 14.2). Undefined without a header or if it may be ignored (several ranges, another unit);
 * 'unsatisfiable' if none of the bytes exist.
 */
export function byteRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replaceAll(' ', '') ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  if (first === '') return Number(last) === 0 ? 'unsatisfiable' : { from: Math.max(0, size - Number(last)), to: size - 1 };
  if (last !== '' && Number(last) < Number(first)) return undefined;
  return Number(first) >= size ? 'unsatisfiable' : { from: Number(first), to: last === '' ? size - 1 : Math.min(size - 1, Number(last)) };
}
