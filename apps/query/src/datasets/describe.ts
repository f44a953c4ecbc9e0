import { type Dataset, Dataset as DatasetSchema, type Link, type Schema } from '@almanac/domain';
import type { Manifest } from '@almanac/store';
import { type Static, Type } from 'typebox';
import { TimeSlice } from '../time-slice.ts';
import type { Made } from './version-cache.ts';

const noEvidence = { present: 0, missing: 0, kinds: {}, distinct: 0, examples: [] };

/** A data set in a list, without its large members. */
export const DatasetSummary = Type.Interface([Type.Omit(DatasetSchema, ['columns', 'about'])], {
  columns: Type.Integer({ description: 'number of columns; GET /v1/datasets/{id} describes them' }),
});
export type DatasetSummary = Static<typeof DatasetSummary>;

const headOf = (manifest: Manifest) => ({
  id: manifest.id,
  ...(manifest.title === undefined ? {} : { title: manifest.title }),
  version: manifest.version,
  digest: manifest.digest,
  rows: manifest.rows,
  rejected: manifest.rejected,
  key: manifest.schema.key ?? null,
});

const tailOf = (manifest: Manifest) => ({
  bytes: { raw: manifest.raw, stored: manifest.stored },
  modified: manifest.modified,
  links: linksOf(manifest.id),
});

export interface Text {
  version: string;
  json: Buffer;
}

/** The description of a data set, as JSON. It is made column by column, so that thousands of columns do not delay other requests. */
export async function describe(manifest: Manifest): Promise<Made<Text>> {
  const timeSlice = new TimeSlice();
  const columns: string[] = [];
  for (const column of manifest.schema.columns) {
    const evidence = (Object.hasOwn(manifest.evidence, column.name) ? manifest.evidence[column.name] : undefined) ?? noEvidence;
    columns.push(JSON.stringify({ ...column, evidence }));
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  const head = JSON.stringify(headOf(manifest)).slice(0, -1);
  const tail = JSON.stringify({ ...originOf(manifest.schema), ...tailOf(manifest) } satisfies Partial<Dataset>).slice(1);
  const json = Buffer.from(`${head},"columns":[${columns.join(',')}],${tail}`);
  return { value: { version: manifest.version, json }, bytes: json.length };
}

/** The summary of a data set for lists, as JSON. */
export function summarise(manifest: Manifest): Made<Text> {
  const { format } = manifest.schema;
  const columns = manifest.schema.columns.length;
  const summary: DatasetSummary = { ...headOf(manifest), columns, ...(format === undefined ? {} : { format }), ...tailOf(manifest) };
  const json = Buffer.from(JSON.stringify(summary));
  return { value: { version: manifest.version, json }, bytes: json.length };
}

/** The source of the records, as far as it is known. */
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
