import { members, textOf } from '@almanac/domain';
import { type ReadCopy, SEPARATOR } from '@almanac/store';
import { Turn } from '../turn.ts';

/** The places of the records that have a value with the text in it, whatever its case. */
export async function placesWith(copy: Pick<ReadCopy, 'all'>, search: string): Promise<Uint32Array> {
  const wanted = search.toLowerCase();
  const places: number[] = [];
  const turn = new Turn();
  let place = 0;
  for (const { rows } of copy.all()) {
    for (const row of rows.toString().split(SEPARATOR)) {
      if (hasValueWith(row, wanted)) places.push(place);
      place++;
    }
    if (turn.isOver()) await turn.pass();
  }
  return Uint32Array.from(places);
}

function hasValueWith(row: string, wanted: string): boolean {
  for (const { from, to } of members(row)) {
    const token = row.slice(from, to);
    if ((token.startsWith('"') ? textOf(token) : token).toLowerCase().includes(wanted)) return true;
  }
  return false;
}
