import { textOf, tokenOf } from '@almanac/domain';
import { SEPARATOR } from '@almanac/store';
import type { Piece } from '../http/body.ts';
import { type Selection, slices } from '../rows/selection.ts';

/** Records as one object, each under its key; without a key column, under its place in the set, by which GET /data/<place> finds it. */
export function* dictPieces(selection: Selection): Generator<Piece> {
  const { copy, places, from } = selection;
  const { key } = copy.schema;
  const placeOf = (i: number): number => places?.[i] ?? i;
  let at = from;
  for (const { bytes } of slices(selection, Number.MAX_SAFE_INTEGER)) {
    const entries = bytes
      .toString()
      .split(SEPARATOR)
      .map((row) => `${JSON.stringify(nameOf(row, key, placeOf(at++)))}:${row}`);
    yield `${at - entries.length === from ? '{' : ',\n'}${entries.join(',\n')}`;
  }
  yield '}\n';
}

/** What a row is called: its key, else its place among all rows. */
export function nameOf(row: string, key: string | undefined, place: number): string {
  const token = key === undefined ? undefined : tokenOf(row, key);
  return token === undefined ? String(place) : textOf(token);
}
