import type { ParseOptions } from './format.ts';

/** As JSON, what a source says about itself may have this many bytes. */
export const ABOUT_LIMIT = 256 << 10;

/** Empties `about` where it is longer than ABOUT_LIMIT, and notes it. To be called when the whole source was read. */
export function limitAbout(options: Pick<ParseOptions, 'about' | 'notes'>): void {
  if (Buffer.byteLength(JSON.stringify(options.about)) > ABOUT_LIMIT) dropAbout(options);
}

/** Empties `about`, because it would be too long. */
export function dropAbout({ about, notes }: Pick<ParseOptions, 'about' | 'notes'>): void {
  for (const name of Object.keys(about)) delete about[name];
  notes.add(
    `What the source says about itself beside its records is longer than ${ABOUT_LIMIT.toLocaleString('en')} bytes: it was not kept.`,
  );
}
