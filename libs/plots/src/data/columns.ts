import type { Axis, Domain, Scale, Values } from '../figure.ts';
import type { PlotColumn } from '../plot-type.ts';
import { shortened } from '../text.ts';

import { writeNumber } from './numbers.ts';
import { finite } from './span.ts';

/** Characters of a column's name in a sentence. */
const NAMED = 200;

/** Least and greatest finite value. [0, 1] if there is none. */
export function extent(...columns: Values[]): [number, number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      if (value < least && value > -Infinity) least = value;
      if (value > greatest && value < Infinity) greatest = value;
    }
  }
  return least <= greatest ? [least, greatest] : [0, 1];
}

/** Limits with a margin on both sides; a constant column gets room around its value. */
export function padded([least, greatest]: Domain, margin = 0.04): [number, number] {
  if (least === greatest) {
    const room = Math.abs(least) * 0.05 || 1;
    return [finite(least - room), finite(greatest + room)];
  }
  const width = greatest - least;
  const room = width < Infinity ? width * margin : greatest * margin - least * margin;
  return [finite(least - room), finite(greatest + room)];
}

/** The least value above zero and the greatest value, or undefined if none is above zero. */
export function positiveExtent(...columns: Values[]): [number, number] | undefined {
  let least = Infinity;
  let greatest = 0;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      if (value > 0 && value < least) least = value;
      if (value > greatest && value < Infinity) greatest = value;
    }
  }
  return greatest > 0 ? [least, greatest] : undefined;
}

/** Finite limits above zero for a logarithmic axis: the margin is a ratio there. Without a value above zero: 1 to 10. */
export function logDomain(range: [number, number] | undefined, margin = 0.04): [number, number] {
  if (range === undefined) return [1, 10];
  // Neighbouring doubles have the same logarithm, so they count as a constant.
  const [least, greatest] = range[1] / range[0] > 1 + 1e-9 ? range : [Math.max(Number.MIN_VALUE, range[0] / 2), finite(range[1] * 2)];
  const room = ratioOf([least, greatest]) ** margin;
  return [Math.max(Number.MIN_VALUE, least / room), finite(greatest * room)];
}

/** How many times the greatest limit is the least; the greatest double if there is no such number. */
export const ratioOf = ([least, greatest]: Domain): number => finite(greatest / least);

export function scaleOf(columns: readonly PlotColumn[], isLog = false): Scale {
  const values = columns.map((column) => column.values);
  if (isLog) return { kind: 'log', domain: logDomain(positiveExtent(...values)) };
  return { kind: columns.every((column) => column.type === 'time') ? 'time' : 'linear', domain: padded(extent(...values)) };
}

/** An axis of one column. */
export const axisOf = (column: PlotColumn, isLog = false): Axis => ({
  scale: scaleOf([column], isLog),
  label: column.title,
  unit: column.unit,
  ...(column.type === 'integer' ? { format: 'whole' as const } : {}),
});

/** How a column is called in a sentence: with its unit. */
export const called = ({ title, unit }: PlotColumn): string =>
  unit === undefined ? shortened(title, NAMED) : `${shortened(title, NAMED)} (${shortened(unit, NAMED)})`;

/** One value of a column for a sentence: times as ISO 8601 without needless zeros. */
export const writeValue = (column: PlotColumn, value: number): string =>
  column.type === 'time' && Math.abs(value) <= 8.64e15
    ? new Date(value).toISOString().replace(/T00:00:00\.000Z$|\.000Z$/, (end) => (end.startsWith('T') ? '' : 'Z'))
    : writeNumber(value);

/** "mass (g) from 0 to 60,000,000" */
export function writeRange(column: PlotColumn): string {
  const [least, greatest] = extent(column.values);
  const isEmpty = !column.values.some((value) => Number.isFinite(value));
  return isEmpty
    ? `${called(column)} without a value`
    : `${called(column)} from ${writeValue(column, least)} to ${writeValue(column, greatest)}`;
}

/** The same column with its records in another order; without an order as it is. */
export function reordered(column: PlotColumn, order: Uint32Array | undefined): PlotColumn {
  if (order === undefined) return column;
  const values = column.values.slice();
  for (let i = 0; i < order.length; i++) values[i] = column.values[order[i]!]!;
  return { ...column, values };
}
