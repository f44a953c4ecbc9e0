import { scaleLinear } from 'd3-scale';
import type { Domain } from '../figure.ts';
import { finite, sizeOf } from './span.ts';

/** Sizes whose round values are found directly. Beyond them, powers of ten leave the range of doubles. */
const [SMALLEST, LARGEST] = [1e-200, 1e200];

/**
 * About `want` different round values between two limits, ascending: at most three times `want`. None if a limit is no number. Limits of
 * very large or very small size are divided by a power of ten first.
 */
export function roundValues(limits: Domain, want: number): number[] {
  const size = sizeOf(limits);
  if (!(size < Infinity) || !(limits[0] < limits[1])) return limits[0] === limits[1] ? [limits[0]] : [];
  const exponent = size > LARGEST || size < SMALLEST ? Math.floor(Math.log10(size)) : 0;
  const [least, greatest] = limits.map((limit) => timesPower(limit, -exponent)) as [number, number];
  // Limits a few doubles apart have no round values between them, and no room for the search.
  if (!(greatest - least > sizeOf([least, greatest]) * 1e-14)) return [limits[0]];
  const values = scaleLinear([least, greatest], [0, 1]).ticks(want);
  return exponent === 0 ? distinct(values) : distinct(values.map((value) => finite(timesPower(value, exponent))));
}

const distinct = (values: readonly number[]): number[] => values.filter((value, i) => i === 0 || value > values[i - 1]!);

/** value x 10^exponent in steps that stay within the range of doubles. */
function timesPower(value: number, exponent: number): number {
  if (exponent === 0) return value;
  const half = Math.trunc(exponent / 2);
  return exponent > 0 ? value * 10 ** half * 10 ** (exponent - half) : value / 10 ** -half / 10 ** (half - exponent);
}
