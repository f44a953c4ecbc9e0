import { isAscii, isUtf8 } from 'node:buffer';
import type { FormatId } from './format.ts';
import { outline, skipSpace } from './json/json-text.ts';
import { xmlKind } from './xml/root.ts';
import { looksLikeYaml } from './yaml/sniff.ts';

/** What the first bytes of a body look like: one of our formats, or something else in words. */
export type Looks = { format: FormatId } | { foreign: string };

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

/** How many first bytes `looksLike` wants. */
export const SNIFF_BYTES = 1 << 16;

export function looksLike(head: Buffer): Looks {
  const hex = head.subarray(0, 8).toString('hex');
  const foreign = foreignStarts.find(([start]) => hex.startsWith(start))?.[1];
  if (foreign !== undefined) return { foreign };
  if (head.includes(0)) return { foreign: 'binary data' };
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  const start = text.slice(skipSpace(text, 0));
  if (/^<[?!:_\p{L}]/u.test(start)) {
    const kind = xmlKind(start);
    return kind === 'html' ? { foreign: 'an HTML page' } : { format: kind };
  }
  if (/^\[\s*(["{[\d\-tfnNI\]]|$)/.test(start)) return { format: 'json' };
  if (/^\{\s*(["}]|$)/.test(start)) return { format: isLines(start) ? 'ndjson' : 'json' };
  if (/^CCSDS_OEM_VERS\s*=/.test(start)) return { format: 'oem' };
  if (looksLikeYaml(start)) return { format: 'yaml' };
  const line = /^[^\r\n]*/.exec(start)?.[0] ?? '';
  if (!isAscii(head) && !isUtf8(head) && !/[,;\t]/.test(line)) return { foreign: 'text in another encoding than UTF-8, or binary data' };
  return { format: line.includes('\t') && !isCommaSeparated(line) ? 'tsv' : 'csv' };
}

const isCommaSeparated = (line: string): boolean => line.split(',').length > line.split('\t').length;

/** Whether text that begins with an object goes on with another on the next line; one object alone is a line unless a list lies in it. */
function isLines(text: string): boolean {
  const { end } = outline(text, 0);
  if (end === -1) return false;
  const next = skipSpace(text, end);
  if (next < text.length) return text.slice(end, next).includes('\n') && !text.slice(0, end).includes('\n');
  return !text.slice(0, end).includes('\n') && !/[:[]\s*\[\s*[{\]]/.test(text.slice(0, end));
}
