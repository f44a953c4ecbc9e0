import type { Dataset, Link, Schema } from '@almanac/domain';
import type { Manifest } from '@almanac/store';

const noEvidence = { present: 0, missing: 0, kinds: {}, distinct: 0, examples: [] };

/** A data set as the API describes it. */
export const describe = (manifest: Manifest): Dataset => ({
  id: manifest.id,
  ...(manifest.title === undefined ? {} : { title: manifest.title }),
  version: manifest.version,
  digest: manifest.digest,
  rows: manifest.rows,
  rejected: manifest.rejected,
  key: manifest.schema.key ?? null,
  columns: manifest.schema.columns.map((column) => ({ ...column, evidence: manifest.evidence[column.name] ?? noEvidence })),
  ...originOf(manifest.schema),
  bytes: { raw: manifest.raw, stored: manifest.stored },
  modified: manifest.modified,
  links: linksOf(manifest.id),
});

/** Where the records came from, as far as it is known. */
const originOf = ({ format, about }: Schema): Pick<Dataset, 'format' | 'about'> => ({
  ...(format === undefined ? {} : { format }),
  ...(about === undefined ? {} : { about }),
});

export const linksOf = (id: string): Link[] => [
  { rel: 'self', href: `/v1/datasets/${id}` },
  { rel: 'items', href: `/v1/datasets/${id}/records`, type: 'application/json' },
  { rel: 'rejects', href: `/v1/datasets/${id}/rejects`, type: 'application/json' },
  { rel: 'alternate', href: `/v1/datasets/${id}.csv`, type: 'text/csv' },
  { rel: 'alternate', href: `/v1/datasets/${id}.json`, type: 'application/json' },
  { rel: 'alternate', href: `/v1/datasets/${id}.ndjson`, type: 'application/x-ndjson' },
];
