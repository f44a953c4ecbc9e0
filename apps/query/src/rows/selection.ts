import type { ReadCopy, Slice } from '@almanac/store';

/** The rows of a response: a range of all matches, which are all rows unless `places` lists them. */
export interface Selection {
  copy: ReadCopy;
  /** places of the rows that matched a filter; undefined: every row */
  places: Uint32Array | undefined;
  matched: number;
  /** the first of the matches that are sent, and one past the last */
  from: number;
  to: number;
}

export function select(copy: ReadCopy, places: Uint32Array | undefined, offset: number, limit: number): Selection {
  const matched = places?.length ?? copy.rows;
  const from = Math.min(offset, matched);
  return { copy, places, matched, from, to: Math.min(from + limit, matched) };
}

export const isWhole = ({ copy, from, to, places }: Selection): boolean => places === undefined && from === 0 && to === copy.rows;

/** A page holds on to its own rows only, not to all that matched: a slow reader would keep them in memory. */
export function compact(selection: Selection): Selection {
  const { places, from, to } = selection;
  if (places === undefined || to - from === places.length) return selection;
  return { ...selection, places: places.slice(from, to), from: 0, to: to - from };
}

/** The rows as slices of chunks, within each joined by ",\n". A slice never has rows of two chunks, nor more than `most`. */
export function* slices({ copy, places, from, to }: Selection, most: number): Generator<Slice> {
  for (let at = from; at < to; ) {
    const first = places === undefined ? at : (places[at] as number);
    const run = places === undefined ? to - at : runAt(places, at, Math.min(to, at + most));
    const slice = copy.sliceAt(first, Math.min(run, most));
    yield slice;
    at += slice.rows;
  }
}

/** How many places from `at` on follow each other without a gap. */
function runAt(places: Uint32Array, at: number, end: number): number {
  let next = at + 1;
  while (next < end && places[next] === (places[next - 1] as number) + 1) next++;
  return next - at;
}
