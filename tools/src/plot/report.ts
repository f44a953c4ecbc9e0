import type { JobRecord, LoadReport } from '../client/client.ts';

/** Describes what ingest detected in a file. */
export function describeLoad({ dataset, version, format, rows, rejected, rejects, key, columns, seconds, notes }: LoadReport): string[] {
  const shown = columns.slice(0, 12).map(({ name, type, unit }) => `${name} ${type}${unit === undefined ? '' : ` in ${unit}`}`);
  const more = columns.length > shown.length ? `, and ${columns.length - shown.length} more` : '';
  return [
    `Data    ${dataset} (version ${version}): ${rows.toLocaleString('en')} records of ${columns.length} columns read as ${format} in ${seconds.toFixed(2)} s, ${key === null ? 'without a key' : `keyed by ${key}`}`,
    `        ${shown.join(', ')}${more}`,
    ...(rejected === 0
      ? []
      : [
          `        ${rejected.toLocaleString('en')} rows rejected: ${rejects
            .slice(0, 3)
            .map(({ row, reason }) => `row ${row}: ${reason}`)
            .join('; ')}${rejected > 3 ? '; ...' : ''}`,
        ]),
    ...notes.map((note) => `        ${note}`),
  ];
}

/** Describes what was drawn, why, and what was left out. */
export const describeJob = (job: JobRecord, path: string, bytes: number): string[] => [
  `Plot    ${path} (${Math.ceil(bytes / 1000)} kB)${job.message === null || job.message === '' ? '' : `: ${job.message}`}`,
  ...(job.notes ?? []).map((note) => `        ${note}`),
];
