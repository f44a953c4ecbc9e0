import { storeUnavailable } from '@almanac/domain';

/** The reply, or a store-unavailable problem after `ms` milliseconds: a store that hangs must not hold requests. */
export async function inTime<T>(reply: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(storeUnavailable(new Error(`${what} took longer than ${ms} ms`))), ms);
  });
  try {
    return await Promise.race([reply, late]);
  } finally {
    clearTimeout(timer);
  }
}
