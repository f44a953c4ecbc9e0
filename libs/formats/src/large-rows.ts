import { loadLimits } from '@almanac/domain';

/** Characters of a row from which on it counts as large. */
export const LARGE_ROW = 1 << 18;

let taken = 0;
const waiting: (() => void)[] = [];

/**
 * Waits until another large row may be read: a row takes about eight times its length while its values are made. Loads of ordinary rows
 * never come here. Returns what gives the place back.
 */
export async function acquireLargeRowSlot(): Promise<() => void> {
  if (taken < loadLimits.largeRowsAtOnce.value) taken++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  return () => {
    const next = waiting.shift();
    if (next === undefined) taken--;
    else next();
  };
}
