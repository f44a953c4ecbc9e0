import { loadLimits, withUnit } from '@almanac/domain';
import type { ParseOptions } from './format.ts';

/** Empties `about` where it is longer than the limit, and notes it. To be called when the whole source was read. */
export function limitAbout(options: Pick<ParseOptions, 'about' | 'notes'>): void {
  if (Buffer.byteLength(JSON.stringify(options.about)) > loadLimits.aboutBytes.value) dropAbout(options);
}

/** Empties `about`, because it would be too long. */
export function dropAbout({ about, notes }: Pick<ParseOptions, 'about' | 'notes'>): void {
  const limit = loadLimits.aboutBytes;
  for (const name of Object.keys(about)) delete about[name];
  notes.add(`What the source says about itself beside its records is longer than ${withUnit(limit.value, limit.unit)}: it was not kept.`);
}
