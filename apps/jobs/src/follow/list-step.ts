/** Steps of long lists that one process reads at once. */
const AT_ONCE = 2;

const waiting: (() => void)[] = [];
let running = 0;

/**
 * Reads one step of a long list, in the order of the calls and at most two at once. All reads share one connection to the store, so a
 * short read would otherwise wait until every list has read its step.
 */
export async function readListStep<T>(read: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await read();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
