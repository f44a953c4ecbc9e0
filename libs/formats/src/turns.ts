import { loadLimits } from '@almanac/domain';

const waiting: (() => void)[] = [];
/** when loads began to work in this turn of the event loop; undefined: they have not */
let since: number | undefined;

/** Whether loads have used up their share of this turn of the event loop: whoever goes on must `giveWay` first. */
export function isTurnSpent(): boolean {
  const now = performance.now();
  if (since === undefined) {
    since = now;
    setImmediate(beginTurn);
  }
  return now - since >= loadLimits.turnMs.value;
}

/** Lets the event loop turn, if loads have worked long enough. All loads of the process share a turn; those that wait follow in order. */
export function giveWay(): Promise<void> | undefined {
  return waiting.length === 0 && !isTurnSpent() ? undefined : new Promise((resolve) => waiting.push(resolve));
}

/** Lets the event loop turn in any case, before work that takes long although it cannot be divided. */
export function freshTurn(): Promise<void> {
  isTurnSpent();
  return new Promise((resolve) => waiting.push(resolve));
}

function beginTurn(): void {
  since = undefined;
  const next = waiting.shift();
  if (next === undefined) return;
  next();
  // The others follow one by one, each in a turn of its own if the one before uses it up.
  isTurnSpent();
}
