import type { RecordSet } from '../record-set.ts';

/** What an ephemeris file says about itself (CCSDS 502.0-B), as the load kept it. */
export interface EphemerisAbout {
  /** of the format, e.g. 2.0 */
  version?: string;
  id?: string;
  header: Readonly<Record<string, unknown>>;
  metadata: Readonly<Record<string, unknown>>;
  /** those of the data, first to last; an empty one is the empty text */
  comments: readonly string[];
}

export function aboutOf({ schema }: RecordSet): EphemerisAbout {
  const { header = {}, metadata = {}, comments = [], version, id } = (schema.about ?? {}) as Partial<EphemerisAbout>;
  return { header, metadata, comments, ...(version === undefined ? {} : { version }), ...(id === undefined ? {} : { id }) };
}
