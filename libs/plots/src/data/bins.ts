import { scaleLinear } from 'd3-scale';
import type { Values } from '../figure.ts';
import { extent, positiveExtent } from './columns.ts';
import { divisible, factorFor, finite, shareOf, valueAt } from './span.ts';

/** Exact counts between edges: bin i holds edges[i] <= value < edges[i + 1], the last one its upper edge too. */
export interface Bins {
  edges: Float64Array;
  counts: Float64Array;
}

/** Counts every value into equal bins between two limits; values outside and NaN count nowhere. */
export function countInto(values: Values, edges: Float64Array): Bins {
  const bins = edges.length - 1;
  const [least, greatest] = [edges[0]!, edges[bins]!];
  const counts = new Float64Array(bins);
  const share = shareOf([least, greatest]);
  const factor = bins / (greatest - least);
  const guess = factorFor([least, greatest]) === 1 ? (value: number) => (value - least) * factor : (value: number) => share(value) * bins;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= least && value <= greatest)) continue;
    // The guess can be off by one where rounding meets an edge: the edges themselves decide.
    let bin = Math.min(bins - 1, Math.floor(guess(value)));
    if (value < edges[bin]!) bin--;
    else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin]!++;
  }
  return { edges, counts };
}

/** Exactly `bins` equal bins from the least to the greatest value. */
export function equalEdges(limits: readonly [number, number], bins: number): Float64Array {
  const [from, to] = divisible(limits, bins);
  const isPlain = factorFor([from, to]) === 1;
  const edge = (i: number) => (isPlain ? from + ((to - from) * i) / bins : valueAt([from, to], i / bins));
  return Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? to : edge(i)));
}

/** Bins of a round width, about `wanted` of them, that begin and end at round values. Whole numbers get whole widths. */
export function roundEdges([least, greatest]: readonly [number, number], wanted: number, isWhole: boolean): Float64Array {
  if (!(least < greatest)) return equalEdges([least, greatest], 1);
  if (isWhole && greatest - least < wanted * 1.5) {
    // Few whole numbers: one bin each, centred on its number.
    return Float64Array.from({ length: greatest - least + 2 }, (_, i) => least - 0.5 + i);
  }
  // Multiples of a round width are exact for limits of ordinary size only.
  if (!isRoundable([least, greatest])) return equalEdges([least, greatest], wanted);
  const ticks = scaleLinear([least, greatest], [0, 1]).ticks(wanted);
  const step = Math.max(isWhole ? 1 : 0, ticks.length > 1 ? ticks[1]! - ticks[0]! : greatest - least);
  const first = Math.floor(least / step + 1e-9);
  // One more bin if the greatest value would lie on the last edge: it belongs to the bin that begins there.
  const last = Math.floor(greatest / step + 1e-9) + 1;
  return Float64Array.from({ length: last - first + 1 }, (_, i) => round((first + i) * step));
}

const round = (value: number): number => Number(value.toPrecision(12));

/** Whether limits can be cut at round values: twelve digits tell their parts from each other, and no part is too small or too large. */
const isRoundable = ([least, greatest]: readonly [number, number]): boolean =>
  greatest - least > Math.max(Math.abs(least), Math.abs(greatest)) * 1e-9 && greatest - least > 1e-280 && greatest - least < 1e280;

/**
 * How many bins show a distribution well: Freedman and Diaconis' width 2 IQR / n^(1/3), at least Sturges' log2 n + 1, 5 to 60.
 * The quartiles come from 4,096 exact counts, so that a million values need no sorting.
 */
export function wantedBins(values: Values, [least, greatest]: readonly [number, number]): number {
  const { counts } = countInto(values, equalEdges([least, greatest], 4096));
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total < 2) return 5;
  const quantile = (part: number): number => {
    let sum = 0;
    return counts.findIndex((count) => {
      sum += count;
      return sum >= part * total;
    });
  };
  const spread = (quantile(0.75) - quantile(0.25)) / 4096;
  const freedman = spread > 0 ? Math.cbrt(total) / (2 * spread) : 0;
  return Math.round(Math.min(60, Math.max(5, freedman, Math.log2(total) + 1)));
}

/**
 * Masses, populations, energies: none is negative, at most one in twenty is zero, they span four decades, and half of them lie in the
 * lowest hundredth of their range. Equal bins would show one bar.
 */
export function isSkewed(values: Values): boolean {
  const range = positiveExtent(values);
  if (range === undefined || extent(values)[0] < 0 || finite(range[1] / range[0]) < 1e4) return false;
  const { counts } = countInto(values, equalEdges([0, range[1]], 100));
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts[0]! >= total / 2 && countZeros(values) <= total / 20;
}

function countZeros(values: Values): number {
  let zeros = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === 0) zeros++;
  return zeros;
}
