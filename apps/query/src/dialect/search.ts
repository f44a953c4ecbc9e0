import { members, textOf } from '@almanac/domain';
import { type ReadCopy, SEPARATOR } from '@almanac/store';
import { Places } from '../rows/places.ts';
import { TimeSlice } from '../time-slice.ts';

/** The places of the records that have a value with the text in it, whatever its case. */
export async function placesWith(copy: Pick<ReadCopy, 'all'>, search: string, timeSlice = new TimeSlice()): Promise<Uint32Array> {
  const wanted = search.toLowerCase();
  const mayHave = quickTest(wanted);
  const places = new Places();
  let first = 0;
  for (const { rows, count } of copy.all()) {
    const text = rows.toString();
    if (mayHave(text)) {
      for (const [i, row] of text.split(SEPARATOR).entries()) if (mayHave(row) && hasValueWith(row, wanted)) places.add(first + i);
    }
    first += count;
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  return places.done();
}

/**
 * Whether text may have a value with `wanted` in it: a test that most text fails without being read value by value. It needs letters
 * whose lower case does not depend on what stands beside them (ASCII), and text without escapes.
 */
function quickTest(wanted: string): (text: string) => boolean {
  if (!/^[ -~]*$/.test(wanted) || /["\\]/.test(wanted)) return () => true;
  return (text) => text.includes('\\') || text.toLowerCase().includes(wanted);
}

function hasValueWith(row: string, wanted: string): boolean {
  for (const { from, to } of members(row)) {
    const token = row.slice(from, to);
    if ((token.startsWith('"') ? textOf(token) : token).toLowerCase().includes(wanted)) return true;
  }
  return false;
}
