import { extname } from 'node:path';
import { ProblemError } from '@almanac/domain';
import { type Format, type FormatId, formats, gunzip, isGzip, type Looks, looksLike, malformed, peek, SNIFF_BYTES } from '@almanac/formats';
import { type Declared, declaredFormat, formatOf, isGzipEncoded } from './media-type.ts';
import { withinLimit } from './read-body.ts';

export interface BodyDescription {
  contentType: string | undefined;
  contentEncoding: string | undefined;
  /** the caller's word on the format, above the Content-Type */
  f: FormatId | undefined;
  filename: string | undefined;
  maxBytes: number;
}

export interface OpenedBody {
  format: Format;
  bytes: AsyncIterable<Uint8Array>;
}

/** An archive in an archive is unpacked; more is a trick. */
const PACKINGS = 2;

/**
 * Finds out what a body is and unpacks it: by what the request says, checked against the first bytes; where the request says nothing, by those
 * alone. Throws 415, 'malformed-data' where the two contradict each other, 'empty-data' where there are no bytes.
 */
export async function openBody(body: AsyncIterable<Uint8Array>, about: BodyDescription, notes: Set<string>): Promise<OpenedBody> {
  const declared = declaredFormat(about.contentType, about.f);
  const isPacked = isGzipEncoded(about.contentEncoding);
  let opened = await peek(body, SNIFF_BYTES);
  if (opened.head.length === 0) throw emptyBody();
  if (isPacked && !isGzip(opened.head)) throw malformed('Content-Encoding says gzip, but the body does not begin as gzip does.');
  for (let i = 0; i < PACKINGS && isGzip(opened.head); i++) {
    opened = await peek(withinLimit(gunzip(opened.bytes), about.maxBytes), SNIFF_BYTES);
    if (opened.head.length === 0) throw emptyBody();
  }
  const looks = looksLike(opened.head);
  const format = declared.format === undefined ? sniffed(looks, declared, about.filename, notes) : agreed(declared, looks, opened.head);
  return { format, bytes: opened.bytes };
}

const emptyBody = () => new ProblemError('empty-data', 'The body is empty: there are no records in it. Nothing was changed.');

function sniffed(looks: Looks, { source }: Declared, filename: string | undefined, notes: Set<string>): Format {
  if ('foreign' in looks) {
    throw malformed(`The body looks like ${looks.foreign}. Known formats: ${formats.map(({ id }) => id).join(', ')}, each also gzipped.`);
  }
  const extension = extname((filename ?? '').toLowerCase().replace(/\.gz$/, ''));
  const byName = formats.find(({ extensions }) => extensions.includes(extension));
  const format = byName ?? formatOf(looks.format);
  const why = byName === undefined ? 'its first bytes look like it' : `its file name ends in ${extension}`;
  notes.add(`${source} does not say the format: the body was read as ${format.id.toUpperCase()}, because ${why}.`);
  return format;
}

function agreed(declared: Declared, looks: Looks, head: Buffer): Format {
  const format = declared.format as Format;
  if ('foreign' in looks) throw malformed(`${declared.source} says ${format.id.toUpperCase()}, but the body looks like ${looks.foreign}.`);
  if (!contradicts(format.id, looks.format, head)) return format;
  const right = formatOf(looks.format);
  throw malformed(
    `${declared.source} says ${format.id.toUpperCase()}, but the body looks like ${right.title}; send it as ${right.mediaTypes[0]}.`,
  );
}

/** Only what is plain to see: a delimiter that differs, or a line that is not JSON, is the format's own matter. */
function contradicts(said: FormatId, seen: FormatId, head: Buffer): boolean {
  const first = /[^\s\uFEFF]/.exec(head.toString('utf8'))?.[0];
  switch (said) {
    case 'csv':
    case 'tsv':
      return seen === 'json' || seen === 'ndjson';
    case 'json':
      return seen === 'ndjson' || (first !== '[' && first !== '{' && first !== undefined);
    case 'ndjson':
      return first === '[';
  }
}
