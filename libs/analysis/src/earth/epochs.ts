/** The place of the last of ascending times that is not after `timeMs`; -1 if all are (or `timeMs` is NaN). Binary search. */
export function lastAtOrBefore(timesMs: Float64Array, timeMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((timesMs[middle] as number) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The place of the time closest to `timeMs`, of two as close the earlier; undefined if there are no times (or `timeMs` is NaN). */
export function closestEpoch(timesMs: Float64Array, timeMs: number): number | undefined {
  if (timesMs.length === 0 || Number.isNaN(timeMs)) return undefined;
  const before = lastAtOrBefore(timesMs, timeMs);
  if (before < 0) return 0;
  if (before === timesMs.length - 1) return before;
  return timeMs - (timesMs[before] as number) <= (timesMs[before + 1] as number) - timeMs ? before : before + 1;
}
