import type { PlotColumn } from '../plot-type.ts';
import { extent } from './columns.ts';
import type { Groups } from './groups.ts';
import { sizeOf } from './span.ts';

export const aggregates = ['count', 'sum', 'mean', 'min', 'max'] as const;
export type Aggregate = (typeof aggregates)[number];

/** One number for each group; NaN where none of its records has a value. Sums are compensated (Neumaier), so their order does not matter. A sum beyond the greatest double is Infinity; a mean never is. */
export function aggregateGroups({ counts, of }: Groups, aggregate: Aggregate, y: PlotColumn | undefined): Float64Array {
  if (y === undefined) return Float64Array.from(counts);
  const groups = counts.length;
  // Very large values are added as a small part of themselves: a power of two, so that no digit is lost.
  const part = sizeOf(extent(y.values)) > 1e280 ? 2 ** -64 : 1;
  const present = new Float64Array(groups);
  const sum = new Float64Array(groups);
  const lost = new Float64Array(groups);
  const least = new Float64Array(groups).fill(Infinity);
  const greatest = new Float64Array(groups).fill(-Infinity);
  for (let i = 0; i < of.length; i++) {
    const group = of[i]!;
    const value = y.values[i]!;
    if (group < 0 || !Number.isFinite(value)) continue;
    present[group]!++;
    const added = value * part;
    const total = sum[group]! + added;
    lost[group]! += Math.abs(sum[group]!) >= Math.abs(added) ? sum[group]! - total + added : added - total + sum[group]!;
    sum[group] = total;
    if (value < least[group]!) least[group] = value;
    if (value > greatest[group]!) greatest[group] = value;
  }
  const resultOf = (group: number): number => {
    if (aggregate === 'count') return present[group]!;
    if (present[group] === 0) return Number.NaN;
    if (aggregate === 'min') return least[group]!;
    if (aggregate === 'max') return greatest[group]!;
    const total = sum[group]! + lost[group]!;
    return (aggregate === 'sum' ? total : total / present[group]!) / part;
  };
  return Float64Array.from(counts, (_, group) => resultOf(group));
}
