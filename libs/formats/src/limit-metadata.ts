import { loadLimits, withUnit } from '@almanac/domain';
import type { ParseOptions } from './format.ts';

/** Empties `metadata` if it exceeds the limit, and adds a note. To be called after the last row. */
export function limitMetadata(options: Pick<ParseOptions, 'metadata' | 'notes'>): void {
  if (Buffer.byteLength(JSON.stringify(options.metadata)) > loadLimits.metadataBytes.value) dropMetadata(options);
}

/** Empties `metadata` and adds a note that it exceeds the limit. */
export function dropMetadata({ metadata, notes }: Pick<ParseOptions, 'metadata' | 'notes'>): void {
  const limit = loadLimits.metadataBytes;
  for (const name of Object.keys(metadata)) delete metadata[name];
  notes.add(
    `The metadata of the source (everything beside its records) is longer than ${withUnit(limit.value, limit.unit)} and was not stored.`,
  );
}
