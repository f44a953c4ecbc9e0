import { isUtf8 } from 'node:buffer';
import { malformed } from './malformed.ts';

/** Decodes UTF-8 into pieces of text, cut between characters, without a byte order mark. Throws for other bytes, and never yields U+FFFD. */
export async function* decodeUtf8(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Uint8Array = new Uint8Array(0);
  let done = 0;
  for await (const chunk of inPieces(bytes)) {
    const joined = rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk]);
    const end = lastBoundary(joined);
    const text = decode(joined.subarray(0, end), done);
    rest = joined.subarray(end);
    if (text !== '') yield done === 0 && text.startsWith('\uFEFF') ? text.slice(1) : text;
    done += end;
  }
  if (rest.length > 0) throw malformed(`The last character is cut off: the data ends inside a UTF-8 sequence at byte ${at(done)}.`);
}

/** Maximum bytes of a piece, whatever the source sends at once: readers do not yield within a piece. */
const PIECE = 1 << 16;

async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE);
}

/** The end of the last complete character: at most three bytes before the end. */
function lastBoundary(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
    if (byte < 0x80) return bytes.length;
  }
  return bytes.length;
}

function decode(bytes: Buffer, before: number): string {
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return text;
  const bad = Buffer.byteLength(text.slice(0, Math.max(0, text.indexOf('\uFFFD'))));
  throw malformed(
    `Byte ${at(before + bad)} (0x${(bytes[bad] ?? 0).toString(16).toUpperCase().padStart(2, '0')}) is not UTF-8. ` +
      'Convert a Windows-1252 or Latin-1 file with: iconv -f WINDOWS-1252 -t UTF-8 old > new',
  );
}

const at = (offset: number): string => (offset + 1).toLocaleString('en');
