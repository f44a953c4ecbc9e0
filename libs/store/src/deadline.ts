import { inTime, storeUnavailable } from '@almanac/domain';

/** The result of a store call, or a store-unavailable problem after `ms` milliseconds: a store that hangs must not hold requests. */
export const withinDeadline = <T>(result: Promise<T>, ms: number, what: string): Promise<T> =>
  inTime(result, ms, () => storeUnavailable(new Error(`${what} took longer than ${ms} ms`)));
