import { extname } from 'node:path';
import { limitExceeded, loadLimits, ProblemError } from '@almanac/domain';
import { type Format, type FormatId, formats, gunzip, isGzip, type Looks, looksLike, malformed, peek, SNIFF_BYTES } from '@almanac/formats';
import { type Declared, declaredFormat, formatOf, isGzipEncoded } from './media-type.ts';
import { type Meter, withinLimit } from './read-body.ts';

export interface BodyDescription {
  contentType: string | undefined;
  contentEncoding: string | undefined;
  /** the caller's word on the format, above the Content-Type */
  f: FormatId | undefined;
  filename: string | undefined;
  maxBytes: number;
  /** counts the bytes as they are sent */
  meter: Readonly<Meter>;
}

export interface OpenedBody {
  format: Format;
  bytes: AsyncIterable<Uint8Array>;
}

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
  if (isGzip(opened.head)) opened = await unpacked(opened.bytes, about);
  const looks = looksLike(opened.head);
  const format =
    declared.format === undefined ? sniffed(looks, declared, about.filename, notes) : agreed(declared, looks, opened.head, notes);
  return { format, bytes: opened.bytes };
}

/** Content-Encoding and a packed file are one layer each: a client that sends a .gz file under Content-Encoding: gzip sends one layer only. */
async function unpacked(packed: AsyncIterable<Uint8Array>, { maxBytes, meter }: BodyDescription) {
  const opened = await peek(withinLimit(gunzip(packed), maxBytes, meter), SNIFF_BYTES);
  if (opened.head.length === 0) throw emptyBody();
  if (isGzip(opened.head)) throw packedTwice();
  return opened;
}

const packedTwice = () =>
  limitExceeded('malformed-data', loadLimits.packings, loadLimits.packings.value + 1, {
    detail: 'The body is gzip in gzip',
    advice: 'Send the file as it is: as Content-Encoding: gzip, or as a .gz file, not as both.',
  });

/** Whether one format is written in another: an ephemeris in XML has no media type and no file extension of its own. */
const isWrittenIn = (seen: FormatId, said: FormatId): boolean => seen === 'oem' && said === 'xml';

const emptyBody = () => new ProblemError('empty-data', 'The body is empty: there are no records in it. Nothing was changed.');

function sniffed(looks: Looks, { source }: Declared, filename: string | undefined, notes: Set<string>): Format {
  if ('foreign' in looks) {
    throw malformed(`The body looks like ${looks.foreign}. Known formats: ${formats.map(({ id }) => id).join(', ')}, each also gzipped.`);
  }
  const extension = extname((filename ?? '').toLowerCase().replace(/\.gz$/, ''));
  const named = formats.find(({ extensions }) => extensions.includes(extension));
  const byName = named !== undefined && isWrittenIn(looks.format, named.id) ? undefined : named;
  const format = byName ?? formatOf(looks.format);
  const why = byName === undefined ? 'its first bytes look like it' : `its file name ends in ${extension}`;
  notes.add(`${source} does not say the format: the body was read as ${format.id.toUpperCase()}, because ${why}.`);
  return format;
}

function agreed(declared: Declared, looks: Looks, head: Buffer, notes: Set<string>): Format {
  const format = declared.format as Format;
  if ('foreign' in looks) throw malformed(`${declared.source} says ${format.id.toUpperCase()}, but the body looks like ${looks.foreign}.`);
  const right = formatOf(looks.format);
  if (contradicts(format.id, right.id, head)) {
    throw malformed(
      `${declared.source} says ${format.id.toUpperCase()}, but the body looks like ${right.title}; send it as ${right.mediaTypes[0]}.`,
    );
  }
  if (declared.isExact || !isWrittenIn(right.id, format.id)) return format;
  notes.add('The body is an ephemeris (CCSDS OEM): it was read as OEM; f=xml reads it as XML of any kind.');
  return right;
}

/** Only what is plain to see: a delimiter that differs, or a line that is not JSON, is the format's own matter. */
function contradicts(said: FormatId, seen: FormatId, head: Buffer): boolean {
  const first = /[^\s\uFEFF]/.exec(head.toString('utf8'))?.[0];
  switch (said) {
    case 'csv':
    case 'tsv':
      return seen !== 'csv' && seen !== 'tsv';
    case 'json':
      return seen === 'ndjson' || (first !== '[' && first !== '{' && first !== undefined);
    case 'ndjson':
      return first === '[' || seen === 'xml' || seen === 'oem' || seen === 'yaml';
    case 'xml':
      return first !== '<' && first !== undefined;
    case 'yaml':
      // JSON is YAML too.
      return seen === 'xml' || seen === 'oem' || seen === 'ndjson';
    case 'oem':
      return seen === 'json' || seen === 'ndjson' || seen === 'yaml';
  }
}
