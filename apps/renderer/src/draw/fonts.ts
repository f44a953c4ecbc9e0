import { readFileSync } from 'node:fs';
import { fontFiles } from '@almanac/plots';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';

/**
 * Registers the bundled fonts and draws a letter with each: without fonts the canvas draws no text, measures 0 and says nothing.
 * Throws where a letter stays blank, so that the service refuses to start instead of handing out plots without labels.
 */
export function registerFonts(files: readonly { family: string; path: string }[] = fontFiles): void {
  for (const { family, path } of files) {
    GlobalFonts.register(withoutSubstitutions(readFileSync(path)), family);
    if (!drawsText(family)) throw new Error(`the font ${family} (${path}) draws nothing: plots would have no text`);
  }
}

/**
 * The font without its substitution table. Inter would swap minus and brackets beside digits for other glyphs, whose widths are not
 * those the layout measured. The table's name in the directory (OpenType 1.9, 12-byte head, then 16 bytes a table) is made unknown.
 */
export function withoutSubstitutions(font: Buffer): Buffer {
  const plain = Buffer.from(font);
  const tables = plain.readUInt16BE(4);
  for (let at = 12; at < 12 + 16 * tables; at += 16) if (plain.toString('latin1', at, at + 4) === 'GSUB') plain.write('gsub', at, 'latin1');
  return plain;
}

/** Whether a letter in this font leaves ink. */
export function drawsText(family: string): boolean {
  if (!GlobalFonts.has(family)) return false;
  const canvas = createCanvas(24, 24);
  const context = canvas.getContext('2d');
  context.font = `20px "${family}"`;
  context.fillText('M', 2, 20);
  return context.getImageData(0, 0, 24, 24).data.some((value) => value !== 0);
}

/** Widths were measured as sums of advances and without the host's language, so the canvas must write that way too. */
export function writePlainly(context: SKRSContext2D): void {
  context.lang = 'en';
  context.fontKerning = 'none';
}
