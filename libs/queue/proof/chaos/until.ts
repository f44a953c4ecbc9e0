import { setTimeout as sleep } from 'node:timers/promises';

/** So long that only what never happens is not there by then, also on a machine that does a lot besides. */
const NEVER_MS = 60_000;

/** Waits for something, however long it takes; answers how many milliseconds that was. Throws where it never happens. */
export async function until(isSo: () => unknown, what: string, withinMs = NEVER_MS): Promise<number> {
  const begun = performance.now();
  for (const end = begun + withinMs; !(await isSo()); await sleep(10)) {
    if (performance.now() > end) throw new Error(`did not happen within ${withinMs / 1000} s: ${what}`);
  }
  return Math.round(performance.now() - begun);
}
