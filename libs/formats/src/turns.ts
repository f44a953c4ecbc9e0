import { loadLimits } from '@almanac/domain';

const waiting: (() => void)[] = [];
/** when loads began to work in this turn of the event loop; undefined if they have not */
let since: number | undefined;

/** Whether loads have used up their share of this turn of the event loop. Starts the clock of the turn. */
export function isTurnSpent(): boolean {
  const now = performance.now();
  if (since === undefined) {
    since = now;
    setImmediate(beginTurn);
  }
  return now - since >= loadLimits.turnMs.value;
}

/** Yields to the event loop if loads have used up their share of the turn, which they all have together. They continue in order. */
export function giveWay(): Promise<void> | undefined {
  return waiting.length === 0 && !isTurnSpent() ? undefined : new Promise((resolve) => waiting.push(resolve));
}

/** Always yields to the event loop: for use before long work that cannot be divided. */
export function freshTurn(): Promise<void> {
  isTurnSpent();
  return new Promise((resolve) => waiting.push(resolve));
}

function beginTurn(): void {
  since = undefined;
  const next = waiting.shift();
  if (next === undefined) return;
  next();
  // If this one uses up the turn, the next waits for another.
  isTurnSpent();
}
