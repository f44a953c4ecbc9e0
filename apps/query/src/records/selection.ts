import type { ReadCopy } from '@almanac/store';

/** Rows fetched in one step, so that a long answer never has all its chunks open. */
const STEP = 256;

/** The rows an answer is about: a stretch of all that matched, which are all there are unless `places` lists them. */
export interface Selection {
  copy: ReadCopy;
  /** places of the rows that matched a filter; undefined: every row */
  places: Uint32Array | undefined;
  matched: number;
  /** the first of the matched that is answered, and one past the last */
  from: number;
  to: number;
}

export function select(copy: ReadCopy, places: Uint32Array | undefined, offset: number, limit: number): Selection {
  const matched = places?.length ?? copy.rows;
  const from = Math.min(offset, matched);
  return { copy, places, matched, from, to: Math.min(from + limit, matched) };
}

export const isWhole = ({ copy, from, to, places }: Selection): boolean => places === undefined && from === 0 && to === copy.rows;

/** The rows as slices of chunks, within each joined by ",\n". */
export function* slices(selection: Selection): Generator<Buffer> {
  const { copy, places, from, to } = selection;
  if (places !== undefined) yield* slicesAt(copy, places.subarray(from, to));
  else if (isWhole(selection)) for (const { rows } of copy.all()) yield rows;
  else for (let at = from; at < to; at += STEP) yield* copy.page(at, Math.min(STEP, to - at));
}

function* slicesAt(copy: ReadCopy, places: Uint32Array): Generator<Buffer> {
  for (let i = 0; i < places.length; ) {
    const first = places[i] as number;
    let count = 1;
    while (count < STEP && places[i + count] === first + count) count++;
    yield* copy.page(first, count);
    i += count;
  }
}
