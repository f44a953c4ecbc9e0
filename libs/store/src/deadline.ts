import { storeUnavailable } from '@almanac/domain';

/** The answer, or a store-unavailable problem after so many milliseconds: a store that is stuck must not hold requests. */
export async function inTime<T>(answer: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(storeUnavailable(new Error(`${what} took longer than ${ms} ms`))), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
