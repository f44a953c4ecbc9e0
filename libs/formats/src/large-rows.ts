import { loadLimits } from '@almanac/domain';

/** Characters from which a row counts as large. */
export const LARGE_ROW = 1 << 18;

let taken = 0;
const waiting: (() => void)[] = [];

/**
 * Waits for one of the slots for large rows: while its values are made, a row takes about eight times its length. Returns a function that
 * releases the slot.
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
