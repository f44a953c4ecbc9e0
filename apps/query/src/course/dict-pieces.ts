import { textOf, tokenOf } from '@almanac/domain';
import { SEPARATOR } from '@almanac/store';
import type { Piece } from '../answers/body.ts';
import { type Selection, slices } from '../records/selection.ts';

/** Records as one object, each under its key; under its number, where records have no key. */
export function* dictPieces(selection: Selection): Generator<Piece> {
  const { copy, places, from } = selection;
  let at = from;
  const next = (): number => {
    const place = places?.[at] ?? at;
    at++;
    return place;
  };
  for (const slice of slices(selection)) {
    const isFirst = at === from;
    const entries = slice
      .toString()
      .split(SEPARATOR)
      .map((row) => `${JSON.stringify(nameOf(row, copy.schema.key, next()))}:${row}`);
    yield `${isFirst ? '{' : ',\n'}${entries.join(',\n')}`;
  }
  yield '}\n';
}

/** What a row is called: its key, else its place among all rows. */
export function nameOf(row: string, key: string | undefined, place: number): string {
  const token = key === undefined ? undefined : tokenOf(row, key);
  return token === undefined ? String(place) : textOf(token);
}
