import type { PlotColumn } from '../plot-type.ts';
import { called } from './columns.ts';
import { writeCount } from './numbers.ts';

/** The number of records that lack a value in at least one of the columns. A number beyond the largest double counts as missing. */
export function countMissing(columns: readonly PlotColumn[]): number {
  const lacking = new Uint8Array(columns[0]?.values.length ?? 0);
  for (const { values, names } of columns) {
    if (names === undefined) for (let i = 0; i < lacking.length; i++) lacking[i]! |= Number.isFinite(values[i]!) ? 0 : 1;
    else for (let i = 0; i < lacking.length; i++) lacking[i]! |= values[i]! < 0 ? 1 : 0;
  }
  let count = 0;
  for (let i = 0; i < lacking.length; i++) count += lacking[i]!;
  return count;
}

/** The number of values of zero or less, which a logarithmic axis cannot show. */
export function countNotPositive({ values }: PlotColumn): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! <= 0) count++;
  return count;
}

/** "7,315 of 45,716 records have no reclong or reclat and are not drawn." No note if none is missing. */
export function missingNotes(columns: readonly PlotColumn[], outcome = 'not drawn'): string[] {
  const count = countMissing(columns);
  const names = columns.map(called).join(' or ');
  return count === 0 ? [] : [`${ofRecords(count, columns[0]!.values.length)} no ${names} and ${count === 1 ? 'is' : 'are'} ${outcome}.`];
}

export function logNotes(column: PlotColumn): string[] {
  const count = countNotPositive(column);
  return count === 0
    ? []
    : [
        `${ofRecords(count, column.values.length)} a ${called(column)} of zero or less, which a logarithmic axis cannot show, and ${count === 1 ? 'is' : 'are'} not drawn.`,
      ];
}

export const ofRecords = (count: number, rows: number): string =>
  `${writeCount(count)} of ${writeCount(rows)} records ${count === 1 ? 'has' : 'have'}`;
