import type { ColumnReport, Evidence, LoadReport } from '@almanac/domain';
import type { Format } from '@almanac/formats';
import type { Loaded } from './load.ts';

export interface ReportOptions {
  dataset: string;
  format: Format;
  loaded: Loaded;
  sourceBytes: number;
  seconds: number;
  notes: ReadonlySet<string>;
}

/** The response to a load. */
export function loadReport({ dataset, format, loaded, sourceBytes, seconds, notes }: ReportOptions): LoadReport {
  const { committed, evidence, columns, key, rejects } = loaded;
  const self = `/v1/datasets/${dataset}`;
  return {
    dataset,
    version: committed.version,
    digest: committed.digest,
    format: format.id,
    rows: committed.rows,
    rejected: committed.rejected,
    rejects,
    key: key ?? null,
    columns: columns.map((column): ColumnReport => ({ ...column, evidence: evidence[column.name] as Evidence })),
    bytes: { source: sourceBytes, raw: committed.raw, stored: committed.stored },
    seconds: Math.round(seconds * 1000) / 1000,
    notes: [...notes],
    links: [
      { rel: 'self', href: self, type: 'application/json' },
      { rel: 'records', href: `${self}/records`, type: 'application/json' },
      ...(committed.rejected > 0 ? [{ rel: 'rejects', href: `${self}/rejects`, type: 'application/json' }] : []),
    ],
  };
}
