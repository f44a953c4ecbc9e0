import { fontFiles } from '@almanac/plots';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';

/**
 * Registers the bundled fonts and draws a letter with each: without fonts the canvas draws no text, measures 0 and says nothing.
 * Throws where a letter stays blank, so that the service refuses to start instead of handing out plots without labels.
 */
export function registerFonts(files: readonly { family: string; path: string }[] = fontFiles): void {
  for (const { family, path } of files) {
    GlobalFonts.registerFromPath(path, family);
    if (!drawsText(family)) throw new Error(`the font ${family} (${path}) draws nothing: plots would have no text`);
  }
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
  // Inter would swap minus and brackets beside digits for other glyphs, which copy as private characters.
  context.fontFeatureSettings = '"calt" 0, "liga" 0';
}
