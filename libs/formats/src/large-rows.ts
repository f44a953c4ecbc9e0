/** Characters of an unfinished row from which on it counts as large. */
export const LARGE_ROW = 1 << 20;

/** How many loads of this process may have a large row in memory at the same time; a row takes about eight times its length while it is read. */
const PLACES = 2;

let free = PLACES;
const waiting: (() => void)[] = [];

/**
 * Waits until another large row may grow, so that a few odd bodies cannot use up the memory of the process. Loads of ordinary rows
 * never come here. Answers what gives the place back.
 */
export async function largeRowPlace(): Promise<() => void> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  return () => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
}
