import { loadLimits, withUnit } from '@almanac/domain';
import type { ParseOptions } from './format.ts';

/** Empties `metadata` where it is longer than the limit, and notes it. To be called when the whole source was read. */
export function limitMetadata(options: Pick<ParseOptions, 'metadata' | 'notes'>): void {
  if (Buffer.byteLength(JSON.stringify(options.metadata)) > loadLimits.metadataBytes.value) dropMetadata(options);
}

/** Empties `metadata`, because it would be too long. */
export function dropMetadata({ metadata, notes }: Pick<ParseOptions, 'metadata' | 'notes'>): void {
  const limit = loadLimits.metadataBytes;
  for (const name of Object.keys(metadata)) delete metadata[name];
  notes.add(`What the source says about itself beside its records is longer than ${withUnit(limit.value, limit.unit)}: it was not kept.`);
}
