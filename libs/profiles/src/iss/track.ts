import { type Ephemeris, ephemerisOf } from '@almanac/analysis';
import { ProblemError, parseTime, textOf } from '@almanac/domain';
import { noData } from '../parameters.ts';
import { type RecordSet, tokens } from '../record-set.ts';
import { numbersIn } from '../stored-numbers.ts';

/** An ephemeris in the order of its time, and its epochs as the source wrote them. */
export interface Track {
  /** as written, in the source's order */
  epochs: readonly string[];
  /** in the order of time */
  ephemeris: Ephemeris;
  /** place in the order of time -> place among the rows */
  rowOf(at: number): number;
}

/** Throws 404 if nothing is loaded, 400 if the records are no ephemeris. */
export function trackOf(set: RecordSet): Track {
  if (set.rows === 0) throw noData('state vectors', set);
  return set.memoize('track', () => makeTrack(set));
}

export const epochsOf = (set: RecordSet): string[] =>
  set.memoize('epochs', () => Array.from(tokens(set, 'EPOCH'), (token) => (token === undefined || token === 'null' ? '' : textOf(token))));

/** The places of times in their order. Of equal ones, as at the border of two segments of a file, the last. */
function inOrderOfTime(times: Float64Array): Uint32Array {
  const order = Uint32Array.from(times.keys()).sort((a, b) => (times[a] as number) - (times[b] as number));
  return order.filter((row, i) => times[row] !== times[order[i + 1] as number]);
}

function makeTrack(set: RecordSet): Track {
  const epochs = epochsOf(set);
  const times = Float64Array.from(epochs, (epoch) => parseTime(epoch) ?? Number.NaN);
  const order = inOrderOfTime(times);
  const inOrder = (names: readonly [string, string, string]): Float64Array => {
    const axes = names.map((name) => numbersIn(set, name));
    const values = new Float64Array(3 * order.length);
    for (const [at, row] of order.entries()) for (const [axis, numbers] of axes.entries()) values[3 * at + axis] = numbers[row] as number;
    return values;
  };
  try {
    return {
      epochs,
      ephemeris: ephemerisOf(
        Float64Array.from(order, (row) => times[row] as number),
        inOrder(['X', 'Y', 'Z']),
        inOrder(['X_DOT', 'Y_DOT', 'Z_DOT']),
      ),
      rowOf: (at) => order[at] as number,
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProblemError('unsuitable-column', `The records are no ephemeris: ${error.message}.`);
  }
}
