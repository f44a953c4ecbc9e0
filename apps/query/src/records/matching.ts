import type { ColumnTest, Comparable } from '@almanac/analysis';
import type { TypedColumn } from '../columns/typed-column.ts';

/** The places of the rows that pass every test, ascending. `columns[i]` holds the values that `tests[i]` is about. */
export function matchingPlaces(tests: readonly ColumnTest[], columns: readonly TypedColumn[], rows: number): Uint32Array {
  let places: Uint32Array | undefined;
  for (const [i, { accepts }] of tests.entries()) {
    const passes = rowTest(columns[i] as TypedColumn, accepts);
    places = places === undefined ? select(rows, passes) : places.filter(passes);
  }
  return places ?? Uint32Array.from({ length: rows }, (_, place) => place);
}

function select(rows: number, passes: (place: number) => boolean): Uint32Array {
  const places = new Uint32Array(rows);
  let count = 0;
  for (let place = 0; place < rows; place++) if (passes(place)) places[count++] = place;
  return places.slice(0, count);
}

/** A test of values as a test of rows; of texts, each different one is tested once. */
function rowTest(typed: TypedColumn, accepts: (value: Comparable) => boolean): (place: number) => boolean {
  if ('values' in typed) {
    const { values } = typed;
    return (place) => {
      const value = values[place] as number;
      return accepts(Number.isNaN(value) ? undefined : value);
    };
  }
  const { codes, names } = typed;
  const passed = Uint8Array.from(names, (name) => Number(accepts(name)));
  const missingPasses = accepts(undefined);
  return (place) => {
    const code = codes[place] as number;
    return code < 0 ? missingPasses : passed[code] === 1;
  };
}
