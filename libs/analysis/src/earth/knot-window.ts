/** The first and the last of the states to interpolate between. */
export interface KnotWindow {
  first: number;
  last: number;
}

/**
 * Up to `wanted` neighbouring states around the interval from state `i` to `i + 1`, taken by turns from the left and the right. A
 * neighbour is taken only over a step of half to twice the interval's own: in NASA's files a much shorter or longer one marks an event or
 * a burn, and across a burn's start and stop no polynomial fits. A side that is blocked leaves its turns to the other; a polynomial with
 * its states on one side is some six times worse (0.39 m at most at the ISS with 4-minute steps).
 */
export function knotWindow(timesMs: Float64Array, i: number, wanted: number): KnotWindow {
  const stepMs = (at: number): number => (timesMs[at + 1] as number) - (timesMs[at] as number);
  const own = stepMs(i);
  // NaN, beyond the ends, is not alike.
  const isAlike = (at: number): boolean => stepMs(at) >= own / 2 && stepMs(at) <= own * 2;
  let first = i;
  let last = i + 1;
  let isLeftsTurn = true;
  while (last - first + 1 < wanted) {
    const left = isAlike(first - 1);
    const right = isAlike(last);
    if (!left && !right) break;
    if (left && (isLeftsTurn || !right)) first--;
    else last++;
    isLeftsTurn = !isLeftsTurn;
  }
  return { first, last };
}
