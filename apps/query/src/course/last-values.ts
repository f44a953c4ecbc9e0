import type { RawQuery } from '../records/parameters.ts';

/** A query string as this dialect reads it: of a name given several times, the last value counts. */
export const lastValues = (query: RawQuery): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      const last = Array.isArray(value) ? value.at(-1) : value;
      return last === undefined ? [] : [[name, last]];
    }),
  );
