import type { ColumnStatistics } from '@almanac/domain';

/** Squares of larger numbers are beyond the largest double. */
const LARGE = 1e140;

/**
 * Count, extremes, mean and standard deviation of the sample in one pass (B. P. Welford 1962); NaN is missing, and so is what is beyond the
 * largest double. A deviation that is itself beyond it is left out.
 */
export function summariseNumbers(values: ArrayLike<number>): ColumnStatistics {
  // A power of two, so that no digit is lost.
  const part = hasLarge(values) ? 2 ** -600 : 1;
  let [count, mean, squares] = [0, 0, 0];
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    count++;
    const small = value * part;
    const before = small - mean;
    mean += before / count;
    squares += before * (small - mean);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const missing = values.length - count;
  if (count === 0) return { count, missing };
  const standardDeviation = Math.sqrt(squares / (count - 1)) / part;
  const whole = Math.min(max, Math.max(min, mean / part));
  return {
    count,
    missing,
    min,
    max,
    mean: part === 1 ? mean : whole,
    ...(Number.isFinite(standardDeviation) ? { standardDeviation } : {}),
  };
}

function hasLarge(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i] as number) > LARGE) return true;
  return false;
}

/** Earliest and latest of times in milliseconds UTC; NaN is missing. */
export function summariseTimes(values: ArrayLike<number>): ColumnStatistics {
  const { count, missing, min, max } = summariseNumbers(values);
  // A moment beyond the range of Date is reported as the last moment in its range.
  const iso = (ms: number | string | undefined): string => new Date(Math.min(8.64e15, Math.max(-8.64e15, ms as number))).toISOString();
  return count === 0 ? { count, missing } : { count, missing, min: iso(min), max: iso(max) };
}

/** How many different texts there are, and the one that occurs most; `codes` point into `names`, below 0 is missing. */
export function summariseTexts(codes: ArrayLike<number>, names: readonly string[]): ColumnStatistics {
  const counts = new Uint32Array(names.length);
  let count = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    if (code < 0) continue;
    count++;
    counts[code] = (counts[code] as number) + 1;
  }
  const missing = codes.length - count;
  if (count === 0) return { count, missing, distinct: 0 };
  const most = counts.reduce((best, times, code) => (times > (counts[best] as number) ? code : best), 0);
  return {
    count,
    missing,
    distinct: counts.filter((times) => times > 0).length,
    mostFrequent: { value: names[most] as string, count: counts[most] as number },
  };
}
