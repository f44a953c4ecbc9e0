import type { ColumnReport, ColumnType } from '@almanac/domain';

/** A column with evidence that makes it fit for every use of its type. */
export function column(name: string, type: ColumnType, evidence: Partial<ColumnReport['evidence']> = {}): ColumnReport {
  const distinct = type === 'string' || type === 'boolean' ? 4 : 90;
  return {
    name,
    type,
    asStored: true,
    evidence: { present: 100, missing: 0, kinds: { [type]: 100 }, distinct, min: 1, max: 90, examples: ['1'], ...evidence },
  };
}

/** The columns of a small set of meteorites. */
export const meteorites: ColumnReport[] = [
  column('name', 'string', { distinct: 100 }),
  column('mass (g)', 'number', { max: 1e7 }),
  column('recclass', 'string'),
  column('seen', 'time', { min: '1990-01-01T00:00:00Z', max: '2000-01-01T00:00:00Z' }),
  column('fell', 'boolean', { distinct: 2 }),
  column('reclat', 'number', { min: -80, max: 80 }),
  column('reclong', 'number', { min: -180, max: 180 }),
  column('code', 'string', { kinds: { integer: 99, string: 1 }, exception: { row: 7, value: 'x7' } }),
];
