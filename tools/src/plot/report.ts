import type { JobRecord, LoadAnswer } from '../client/client.ts';

/** What the service understood of a file, in a few lines. */
export function describeLoad({ dataset, version, format, rows, rejected, rejects, key, columns, seconds, notes }: LoadAnswer): string[] {
  const shown = columns.slice(0, 12).map(({ name, type, unit }) => `${name} ${type}${unit === undefined ? '' : ` in ${unit}`}`);
  const more = columns.length > shown.length ? `, and ${columns.length - shown.length} more` : '';
  return [
    `Data    ${dataset} (version ${version}): ${rows.toLocaleString('en')} records of ${columns.length} columns read as ${format} in ${seconds.toFixed(2)} s, ${key === null ? 'named by their number' : `named by ${key}`}`,
    `        ${shown.join(', ')}${more}`,
    ...(rejected === 0
      ? []
      : [
          `        ${rejected.toLocaleString('en')} rows kept apart: ${rejects
            .slice(0, 3)
            .map(({ row, reason }) => `row ${row}: ${reason}`)
            .join('; ')}${rejected > 3 ? '; ...' : ''}`,
        ]),
    ...notes.map((note) => `        ${note}`),
  ];
}

/** What was drawn, why, and what the drawing left out. */
export const describeJob = (job: JobRecord, path: string, bytes: number): string[] => [
  `Plot    ${path} (${Math.ceil(bytes / 1000)} kB)${job.message === null || job.message === '' ? '' : `: ${job.message}`}`,
  ...(job.notes ?? []).map((note) => `        ${note}`),
];
