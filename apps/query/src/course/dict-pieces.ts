import { textOf, tokenOf } from '@almanac/domain';
import { SEPARATOR } from '@almanac/store';
import type { Piece } from '../answers/body.ts';
import { type Selection, slices } from '../records/selection.ts';

/** Records as one object, each under its key; under its number, where records have no key. */
export function* dictPieces(selection: Selection): Generator<Piece> {
  const { key } = selection.copy.schema;
  let place = selection.from;
  for (const slice of slices(selection)) {
    const entries = slice
      .toString()
      .split(SEPARATOR)
      .map((row) => `${JSON.stringify(nameOf(row, key, place++))}:${row}`);
    yield `${place - entries.length === selection.from ? '{' : ',\n'}${entries.join(',\n')}`;
  }
  yield '}\n';
}

function nameOf(row: string, key: string | undefined, place: number): string {
  const token = key === undefined ? undefined : tokenOf(row, key);
  return token === undefined ? String(place) : textOf(token);
}
