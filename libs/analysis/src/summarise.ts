import type { ColumnStatistics } from '@almanac/domain';

/** Count, extremes, mean and standard deviation of the sample in one pass (B. P. Welford 1962); NaN is missing. */
export function summariseNumbers(values: ArrayLike<number>): ColumnStatistics {
  let [count, mean, squares] = [0, 0, 0];
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    count++;
    const before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const missing = values.length - count;
  if (count === 0) return { count, missing };
  return { count, missing, min, max, mean, ...(count > 1 ? { standardDeviation: Math.sqrt(squares / (count - 1)) } : {}) };
}

/** Earliest and latest of times in milliseconds UTC; NaN is missing. */
export function summariseTimes(values: ArrayLike<number>): ColumnStatistics {
  const { count, missing, min, max } = summariseNumbers(values);
  const iso = (ms: number | string | undefined): string => new Date(ms as number).toISOString();
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
