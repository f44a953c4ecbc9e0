import { hint, ProblemError, shown, unsupportedMediaType } from '@almanac/domain';
import { type Format, formatById, formats } from '@almanac/formats';

/** Types that do not name a format: curl sends the form type with --data-binary, browsers on Windows send the Excel type with .csv files. */
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

/** The format that the request states. */
export interface DeclaredFormat {
  /** undefined if the request names none */
  format: Format | undefined;
  /** the part of the request that states it, for messages: "Content-Type text/csv", "f=csv" */
  source: string;
  /** whether it is this very format: a media type may cover others that are written in it, as XML's does */
  isExact: boolean;
}

/** Throws 415 for a type of no format. */
export function declaredFormat(contentType: string | undefined, f: string | undefined): DeclaredFormat {
  const type = (contentType ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase()
    .replace(/\+gzip$/, '') as string;
  if (type.startsWith('multipart/')) {
    throw new ProblemError(
      'unsupported-media-type',
      `${shown(type)} is not supported: send the file itself, not a form: curl --data-binary @file instead of curl -F file=@file.`,
      { extra: { supported } },
    );
  }
  if (f !== undefined) return { format: formatById(f), source: `f=${f}`, isExact: true };
  if (vague.has(type)) return { format: undefined, source: type === '' ? 'No Content-Type' : `Content-Type ${type}`, isExact: false };
  const format = formats.find(({ mediaTypes }) => mediaTypes.includes(type));
  if (format === undefined) throw unsupportedMediaType(type, supported);
  return { format, source: `Content-Type ${type}`, isExact: false };
}

/** Whether the body is gzipped as a whole. Throws 415 for any other encoding. */
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
    `Content-Encoding ${shown(unknown)} is not supported${hint(unknown, ['gzip', 'identity'])}.`,
    {
      headers: { 'accept-encoding': 'gzip' },
    },
  );
}
