import type { RecordSet } from '../record-set.ts';

/** What an ephemeris file says about itself (CCSDS 502.0-B), as the load kept it. */
export interface SourceMetadata {
  /** of the format, e.g. 2.0 */
  version?: string;
  id?: string;
  header: Readonly<Record<string, unknown>>;
  metadata: Readonly<Record<string, unknown>>;
  /** those of the data, first to last; an empty one is the empty text */
  comments: readonly string[];
}

export const sourceMetadataOf = ({ schema }: RecordSet): SourceMetadata => sourceMetadataIn(schema.about ?? {});

/** States may come from any file, whose elements of these names may hold anything: what is of another form is left out. */
export function sourceMetadataIn({ header, metadata, comments, version, id }: Readonly<Record<string, unknown>>): SourceMetadata {
  return {
    header: membersOf(header),
    metadata: membersOf(metadata),
    comments: linesOf(comments),
    ...(typeof version === 'string' ? { version } : {}),
    ...(typeof id === 'string' ? { id } : {}),
  };
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

function linesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  const isLines = Array.isArray(value) && value.every((line) => typeof line === 'string' || line === null);
  return isLines ? value.map((line: string | null) => line ?? '') : [];
}
