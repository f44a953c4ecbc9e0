import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Row slots of a chunk. The ordinal of a row is chunk number x SLOTS + slot, stable for the life of a generation. */
export const SLOTS = 256;
/** A chunk closes early at this many characters of rows, which bounds what a small write has to rewrite. */
export const MAX_CHUNK = 64 * 1024;
/** Between rows: `[` + raw + `]` is a JSON list, and a newline cannot occur inside minified JSON. */
export const SEPARATOR = ',\n';
export const NEWLINE = 10;

const FORMAT = 1;
const HEAD = 9;
/** zlib takes a full output buffer as a sign that more follows, and allocates another. The smallest buffer it accepts is as large. */
const OUTPUT_SLACK = 64;
const BITMAP = SLOTS / 8;
const zstd = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export type Slots = readonly (string | null)[];

export interface EncodedChunk {
  blob: Buffer;
  /** header and rows as they are hashed */
  head: Buffer;
  raw: Buffer;
  live: number;
}

/**
 * blob = u8 format, u16 slots, u16 live rows, u32 raw length, [32-byte presence bitmap if rows are missing], zstd(raw);
 * little endian; raw = live rows (minified JSON objects) joined by ",\n".
 */
export function encodeChunk(slots: Slots): EncodedChunk {
  const rows = slots.filter((row) => row !== null);
  const hasHoles = rows.length < slots.length;
  const raw = Buffer.from(rows.join(SEPARATOR));
  const head = Buffer.alloc(HEAD + (hasHoles ? BITMAP : 0));
  head.writeUInt8(FORMAT, 0);
  head.writeUInt16LE(slots.length, 1);
  head.writeUInt16LE(rows.length, 3);
  head.writeUInt32LE(raw.length, 5);
  if (hasHoles) {
    for (const [slot, row] of slots.entries())
      if (row !== null) head[HEAD + (slot >> 3)] = (head[HEAD + (slot >> 3)] as number) | (1 << (slot & 7));
  }
  return { blob: joined(head, raw.length === 0 ? raw : zstdCompressSync(raw, zstd)), head, raw, live: rows.length };
}

/** In memory of its own: Buffer.concat would take it from a pool, of which a kept blob of 40 bytes keeps 64 KiB. */
function joined(head: Buffer, packed: Buffer): Buffer {
  const blob = Buffer.allocUnsafeSlow(head.length + packed.length);
  head.copy(blob);
  packed.copy(blob, head.length);
  return blob;
}

export const slotsOf = (blob: Buffer): number => blob.readUInt16LE(1);
export const liveOf = (blob: Buffer): number => blob.readUInt16LE(3);
export const rawLengthOf = (blob: Buffer): number => blob.readUInt32LE(5);
const headOf = (blob: Buffer): number => (liveOf(blob) < slotsOf(blob) ? HEAD + BITMAP : HEAD);

/** The rows' bytes. Throws if the blob is of a format this reader does not know. */
export function rawOf(blob: Buffer): Buffer {
  if (blob.readUInt8(0) !== FORMAT) throw new Error(`chunk format ${blob.readUInt8(0)}; this reader knows ${FORMAT}`);
  const length = rawLengthOf(blob);
  // One output buffer of the right size: with the usual 16 KB pieces a small chunk would hold 16 KB, and a large one would be copied.
  return length === 0 ? Buffer.alloc(0) : zstdDecompressSync(blob.subarray(headOf(blob)), { chunkSize: length + OUTPUT_SLACK });
}

export const isPresent = (blob: Buffer, slot: number): boolean =>
  slot < slotsOf(blob) && (liveOf(blob) === slotsOf(blob) || (((blob[HEAD + (slot >> 3)] as number) >> (slot & 7)) & 1) === 1);

/** How many live rows lie before a slot: its place among the chunk's rows. */
export function rankOf(blob: Buffer, slot: number): number {
  if (liveOf(blob) === slotsOf(blob)) return slot;
  let rank = 0;
  for (let s = 0; s < slot; s++) if (isPresent(blob, s)) rank++;
  return rank;
}

/** Every slot of a chunk: its row, or null if there is none. */
export function decodeChunk(blob: Buffer): (string | null)[] {
  const rows = liveOf(blob) === 0 ? [] : rawOf(blob).toString().split('\n');
  let next = 0;
  return Array.from({ length: slotsOf(blob) }, (_, slot) => {
    if (!isPresent(blob, slot)) return null;
    const row = rows[next++] as string;
    return next < rows.length ? row.slice(0, -1) : row;
  });
}
