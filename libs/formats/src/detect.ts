import { isAscii, isUtf8 } from 'node:buffer';
import type { Format } from './format.ts';
import { skipSpace } from './json/json-text.ts';
import { defaultFormat, formats } from './registry.ts';
import { isHtml } from './xml/root.ts';

/** What the first bytes of a body look like: a format, with the first character that is not white space; or a description of something else. */
export type Detection = { format: Format; first: string } | { foreign: string };

const foreignStarts: readonly (readonly [string, string])[] = [
  ['504b0304', 'a zip archive (an Excel workbook is one); unpack it, or save it as CSV'],
  ['25504446', 'a PDF document'],
  ['89504e47', 'a PNG picture'],
  ['ffd8ff', 'a JPEG picture'],
  ['50415231', 'a Parquet file'],
  ['4152524f5731', 'an Arrow file'],
  ['d0cf11e0', 'an old Excel or Word file; save it as CSV'],
  ['53514c69746520', 'an SQLite database'],
  ['425a68', 'a bzip2 archive; unpack it, or use gzip'],
  ['fd377a585a00', 'an xz archive; unpack it, or use gzip'],
  ['28b52ffd', 'a zstd archive; unpack it, or use gzip'],
  ['fffe', 'UTF-16 text; save it as UTF-8'],
  ['feff', 'UTF-16 text; save it as UTF-8'],
];

/** How many first bytes `detectFormat` needs. */
export const DETECT_BYTES = 1 << 16;

export function detectFormat(head: Buffer): Detection {
  const hex = head.subarray(0, 8).toString('hex');
  const foreign = foreignStarts.find(([start]) => hex.startsWith(start))?.[1];
  if (foreign !== undefined) return { foreign };
  if (head.includes(0)) return { foreign: 'binary data' };
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  const start = text.slice(skipSpace(text, 0));
  if (isHtml(start)) return { foreign: 'an HTML page' };
  const format = formats.findLast((format) => format.looksLike(start));
  if (format === undefined && !isAscii(head) && !isUtf8(head)) return { foreign: 'text that is not UTF-8, or binary data' };
  return { format: format ?? defaultFormat, first: start.trimStart().charAt(0) };
}
