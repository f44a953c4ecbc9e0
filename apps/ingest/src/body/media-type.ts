import { hint, ProblemError, shown, unsupportedMediaType } from '@almanac/domain';
import { type Format, type FormatId, formats } from '@almanac/formats';

/** Types that say nothing of the format: curl sends the form type with --data-binary, browsers on Windows the Excel one with .csv files. */
const vague = new Set([
  '',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'text/plain',
  'application/gzip',
  'application/x-gzip',
  'application/vnd.ms-excel',
  'binary/octet-stream',
]);

const supported = [...formats.flatMap(({ mediaTypes }) => mediaTypes.slice(0, 1)), 'application/gzip'];

/** What the request says its body is. */
export interface Declared {
  /** undefined: its first bytes must tell */
  format: Format | undefined;
  /** who says so, for messages: "Content-Type text/csv", "f=csv" */
  source: string;
  /** whether the caller named this very format: a media type may cover others that are written in it, as XML does */
  isExact: boolean;
}

export const formatOf = (id: FormatId): Format => formats.find((format) => format.id === id) as Format;

/** Throws 415 for a type that is no records' type. */
export function declaredFormat(contentType: string | undefined, f: FormatId | undefined): Declared {
  const type = (contentType ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase()
    .replace(/\+gzip$/, '') as string;
  if (type.startsWith('multipart/')) {
    throw new ProblemError(
      'unsupported-media-type',
      `A form (${shown(type)}) is not taken: send the file as it is, curl --data-binary @file instead of curl -F file=@file.`,
      { extra: { supported } },
    );
  }
  if (f !== undefined) return { format: formatOf(f), source: `f=${f}`, isExact: true };
  if (vague.has(type)) return { format: undefined, source: type === '' ? 'No Content-Type' : `Content-Type ${type}`, isExact: false };
  const format = formats.find(({ mediaTypes }) => mediaTypes.includes(type));
  if (format === undefined) throw unsupportedMediaType(type, supported);
  return { format, source: `Content-Type ${type}`, isExact: false };
}

/** Whether the body as a whole is packed. Throws 415 for a packing that is not known. */
export function isGzipEncoded(contentEncoding: string | undefined): boolean {
  const codings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((c) => c !== '' && c !== 'identity');
  const unknown = codings.find((coding) => coding !== 'gzip' && coding !== 'x-gzip');
  if (unknown === undefined) return codings.length > 0;
  throw new ProblemError(
    'unsupported-media-type',
    `Content-Encoding ${shown(unknown)} is not known${hint(unknown, ['gzip', 'identity'])}.`,
    {
      headers: { 'accept-encoding': 'gzip' },
    },
  );
}
