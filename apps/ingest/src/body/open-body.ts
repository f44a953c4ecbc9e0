import { limitExceeded, loadLimits, ProblemError, shown } from '@almanac/domain';
import {
  DETECT_BYTES,
  type Detection,
  detectFormat,
  type Format,
  formatIds,
  gunzip,
  isGzip,
  malformed,
  peek,
  readFileName,
} from '@almanac/formats';
import { type DeclaredFormat, declaredFormat, isGzipEncoded } from './media-type.ts';
import { type Meter, withinLimit } from './read-body.ts';

export interface BodyDescription {
  contentType: string | undefined;
  contentEncoding: string | undefined;
  /** the id of the format, as the caller states it; it overrides the Content-Type */
  f: string | undefined;
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
 * Determines the format of a body and unpacks it. The request's own statement is checked against the first bytes; without one, the file name
 * and the first bytes decide. Throws 415, 'malformed-data' if the statement and the bytes contradict each other, 'empty-data' for no bytes.
 */
export async function openBody(body: AsyncIterable<Uint8Array>, description: BodyDescription, notes: Set<string>): Promise<OpenedBody> {
  const declared = declaredFormat(description.contentType, description.f);
  const isEncoded = isGzipEncoded(description.contentEncoding);
  let opened = await peek(body, DETECT_BYTES);
  if (opened.head.length === 0) throw emptyBody();
  if (isEncoded && !isGzip(opened.head)) throw malformed('Content-Encoding is gzip, but the body does not begin as gzip does.');
  if (isGzip(opened.head)) opened = await unpack(opened.bytes, description);
  const detection = detectFormat(opened.head);
  const format =
    declared.format === undefined
      ? chooseFormat(detection, declared, description.filename, notes)
      : checkDeclared(declared.format, declared, detection, notes);
  return { format, bytes: opened.bytes };
}

/** Content-Encoding and a packed file are one layer each: a client that sends a .gz file under Content-Encoding: gzip sends one layer only. */
async function unpack(packed: AsyncIterable<Uint8Array>, { maxBytes, meter }: BodyDescription) {
  const opened = await peek(withinLimit(gunzip(packed), maxBytes, meter), DETECT_BYTES);
  if (opened.head.length === 0) throw emptyBody();
  if (isGzip(opened.head)) throw packedTwice();
  return opened;
}

const packedTwice = () =>
  limitExceeded('malformed-data', loadLimits.packings, loadLimits.packings.value + 1, {
    detail: 'The body is gzip inside gzip',
    advice: 'Send the file as it is: with Content-Encoding: gzip, or as a .gz file, not both.',
  });

const emptyBody = () => new ProblemError('empty-data', 'The body is empty: it has no records. Nothing was changed.');

function chooseFormat(detection: Detection, { source }: DeclaredFormat, filename: string | undefined, notes: Set<string>): Format {
  if ('foreign' in detection)
    throw malformed(`The body looks like ${detection.foreign}. Supported formats: ${formatIds.join(', ')}; each can be gzipped.`);
  const detected = detection.format;
  const named = readFileName(filename ?? '').format;
  const byName = named !== undefined && detected.container === named.id ? undefined : named;
  const format = byName ?? detected;
  const reason = byName === undefined ? 'its first bytes' : `the file name ${shown(filename)}`;
  notes.add(`${source} does not name a format: the body was read as ${nameOf(format)}, judging by ${reason}.`);
  return format;
}

/** Returns the declared format, or one that is written in it. */
function checkDeclared(format: Format, { source, isExact }: DeclaredFormat, detection: Detection, notes: Set<string>): Format {
  if ('foreign' in detection) throw malformed(`${source} declares ${nameOf(format)}, but the body looks like ${detection.foreign}.`);
  const { format: detected, first } = detection;
  if (format.contradicts({ id: detected.id, first })) {
    const advice = `Send it with Content-Type ${detected.mediaTypes[0]}.`;
    throw malformed(`${source} declares ${nameOf(format)}, but the body looks like ${detected.title}. ${advice}`);
  }
  if (isExact || detected.container !== format.id) return format;
  notes.add(`The body was read as ${detected.title}. Use f=${format.id} to read it as any other ${nameOf(format)}.`);
  return detected;
}

const nameOf = ({ id }: Format): string => id.toUpperCase();
