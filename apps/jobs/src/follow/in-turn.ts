/** Steps of long lists that one process reads at once. */
const AT_ONCE = 2;

const waiting: (() => void)[] = [];
let running = 0;

/**
 * Reads one step of a long list. All steps go through one connection to the store: if every list sent its step at once, a short read would wait
 * behind all of them. Steps run in the order of their calls, two at a time.
 */
export async function inTurn<T>(read: () => Promise<T>): Promise<T> {
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
