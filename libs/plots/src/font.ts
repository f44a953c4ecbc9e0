import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The bundled fonts in the order in which a glyph is looked for. Painters register the same files under the same names. */
const require = createRequire(import.meta.url);
export const fontFiles: readonly { family: string; path: string }[] = [
  { family: 'Inter', path: require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf') },
  { family: 'DejaVu Sans', path: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf') },
];

/** What the layout needs of fonts. Widths are sums of advances, so painters switch kerning and ligatures off. */
export interface Font {
  /** length of a text in CSS pixels at a font size */
  measure(text: string, size: number): number;
  /** whether one of the fonts has a glyph for the character */
  has(code: number): boolean;
}
export type Measure = Font['measure'];

/**
 * Reads advance widths from the TrueType files themselves: text is measured without a drawing library, so the layout is the same in
 * the renderer and in a test. A file is opened when the fonts before it lack a glyph.
 */
export function readFonts(paths: readonly string[] = fontFiles.map((file) => file.path)): Font {
  const advances: (((code: number) => number | undefined) | undefined)[] = [];
  const known = new Map<number, number | undefined>();
  const advance = (code: number): number | undefined => {
    if (known.has(code)) return known.get(code);
    let width: number | undefined;
    for (let i = 0; i < paths.length && width === undefined; i++) {
      advances[i] ??= readAdvances(paths[i]!);
      width = advances[i]!(code);
    }
    known.set(code, width);
    return width;
  };
  return {
    measure(text, size) {
      let sum = 0;
      for (const character of text) sum += advance(character.codePointAt(0)!) ?? 0.6;
      return sum * size;
    },
    has: (code) => advance(code) !== undefined,
  };
}

/** Advance width of a character in em, undefined if the font has no glyph for it. Tables: OpenType 1.9, head, hhea, hmtx, cmap. */
function readAdvances(path: string): (code: number) => number | undefined {
  const file = readFileSync(path);
  const tables = new Map<string, number>();
  for (let i = 0; i < file.readUInt16BE(4); i++) {
    tables.set(file.toString('latin1', 12 + i * 16, 16 + i * 16), file.readUInt32BE(20 + i * 16));
  }
  const table = (name: string): number => {
    const offset = tables.get(name);
    if (offset === undefined) throw new Error(`the font ${path} has no ${name} table`);
    return offset;
  };
  const unitsPerEm = file.readUInt16BE(table('head') + 18);
  const longMetrics = file.readUInt16BE(table('hhea') + 34);
  const widths = table('hmtx');
  const glyphOf = characterMap(file, table('cmap'), path);
  return (code) => {
    const glyph = glyphOf(code);
    return glyph === 0 ? undefined : file.readUInt16BE(widths + 4 * Math.min(glyph, longMetrics - 1)) / unitsPerEm;
  };
}

/** Character to glyph by the format 4 table: the basic plane, which is all that labels are drawn from. 0 = no glyph. */
function characterMap(file: Buffer, cmap: number, path: string): (code: number) => number {
  for (let i = 0; i < file.readUInt16BE(cmap + 2); i++) {
    const table = cmap + file.readUInt32BE(cmap + 8 + i * 8);
    if (file.readUInt16BE(table) === 4) return (code) => (code > 0xffff ? 0 : glyphInSegments(file, table, code));
  }
  throw new Error(`the font ${path} has no character map of format 4`);
}

function glyphInSegments(file: Buffer, table: number, code: number): number {
  const twice = file.readUInt16BE(table + 6);
  const [ends, starts, deltas, ranges] = [14, 16 + twice, 16 + 2 * twice, 16 + 3 * twice].map((offset) => table + offset) as [
    number,
    number,
    number,
    number,
  ];
  for (let segment = 0; segment < twice; segment += 2) {
    if (code > file.readUInt16BE(ends + segment)) continue;
    const start = file.readUInt16BE(starts + segment);
    if (code < start) return 0;
    const delta = file.readUInt16BE(deltas + segment);
    const range = file.readUInt16BE(ranges + segment);
    if (range === 0) return (code + delta) & 0xffff;
    const glyph = file.readUInt16BE(ranges + segment + range + 2 * (code - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}
