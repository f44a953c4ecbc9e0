import type { Dataset, Evidence } from '@almanac/domain';
import type { Manifest } from '@almanac/store';

const unknownEvidence: Evidence = { present: 0, missing: 0, kinds: {}, distinct: 0, examples: [] };

/** A manifest as the API describes a data set. */
export function describe(manifest: Manifest): Dataset {
  const { id, title, version, digest, rows, rejected, schema, evidence, raw, stored, modified } = manifest;
  const at = `/v1/datasets/${id}`;
  return {
    id,
    ...(title === undefined ? {} : { title }),
    version,
    digest,
    rows,
    rejected,
    key: schema.key ?? null,
    columns: schema.columns.map((column) => ({ ...column, evidence: evidence[column.name] ?? unknownEvidence })),
    bytes: { raw, stored },
    modified,
    links: [
      { rel: 'self', href: at },
      { rel: 'records', href: `${at}/records` },
      { rel: 'rejects', href: `${at}/rejects` },
      ...(['csv', 'json', 'ndjson'] as const).map((extension) => ({
        rel: 'alternate',
        href: `${at}.${extension}`,
        type: mediaTypes[extension],
      })),
    ],
  };
}

const mediaTypes = { csv: 'text/csv', json: 'application/json', ndjson: 'application/x-ndjson' };
