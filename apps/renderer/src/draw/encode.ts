import { crc32, deflateSync } from 'node:zlib';
import type { Pixels } from './canvas-painter.ts';

/**
 * Opaque pixels as PNG with text chunks. At most 256 colours: a palette, exact, written here at a third of the bytes; more: sharp,
 * which is loaded when it is first needed.
 */
export async function encodePng(pixels: Pixels, texts: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  const indexed = paletteOf(pixels);
  if (indexed !== undefined) return palettePng(pixels, indexed, texts);
  const { default: sharp } = await import('sharp');
  const { data, width, height } = pixels;
  const body = await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .png({ compressionLevel: 2 })
    .toBuffer();
  return Buffer.concat([body.subarray(0, HEADER), ...textChunks(texts), body.subarray(HEADER)]);
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** signature and IHDR chunk */
const HEADER = 8 + 25;

interface Indexed {
  /** packed as the pixels are: ABGR */
  colours: number[];
  /** rows of one filter byte (0, none) and one index a pixel */
  rows: Buffer;
}

/** The picture by palette, or undefined where it has more than 256 colours. */
function paletteOf({ data, width, height }: Pixels): Indexed | undefined {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const rows = Buffer.allocUnsafe((width + 1) * height);
  const slots = new Int16Array(4096).fill(-1);
  const keys = new Uint32Array(4096);
  const colours: number[] = [];
  let before = -1;
  let index = 0;
  for (let i = 0, out = 0; i < pixels.length; i++) {
    if (i % width === 0) rows[out++] = 0;
    const colour = pixels[i]!;
    if (colour !== before) {
      let slot = Math.imul(colour, 0x9e3779b1) >>> 20;
      while (slots[slot]! >= 0 && keys[slot] !== colour) slot = (slot + 1) & 4095;
      if (slots[slot]! < 0) {
        if (colours.length === 256) return undefined;
        slots[slot] = colours.push(colour) - 1;
        keys[slot] = colour;
      }
      index = slots[slot]!;
      before = colour;
    }
    rows[out++] = index;
  }
  return { colours, rows };
}

function palettePng({ width, height }: Pixels, { colours, rows }: Indexed, texts: Readonly<Record<string, string>>): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // eight bits, by palette
  const palette = Buffer.from(colours.flatMap((colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]));
  const body = deflateSync(rows, { level: 2, memLevel: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...textChunks(texts),
    chunk('PLTE', palette),
    chunk('IDAT', body),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** International text, uncompressed: keyword, two zeros of compression, no language, no translated keyword, UTF-8. */
const textChunks = (texts: Readonly<Record<string, string>>): Buffer[] =>
  Object.entries(texts)
    .filter(([, text]) => text !== '')
    .map(([keyword, text]) => chunk('iTXt', Buffer.from(`${keyword}\0\0\0\0\0${text}`, 'utf8')));

function chunk(type: string, body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(12 + body.length);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, 'latin1');
  body.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
  return out;
}
