import type { ColumnTest, Comparable } from '@almanac/analysis';
import type { ReadCopy } from '@almanac/store';
import type { ColumnCache } from '../columns/column-cache.ts';
import type { TextColumn, TypedColumn } from '../columns/typed-column.ts';
import { Places } from '../rows/places.ts';
import type { TimeSlice } from '../time-slice.ts';

/** Different texts of a column that are tested before other requests get their turn. */
const TEXTS_PER_STEP = 4_096;

type Accepts = (value: Comparable) => boolean;
type RowTest = (place: number) => boolean;

/** The places of the rows that pass every test, ascending. */
export async function matchingPlaces(
  cache: ColumnCache,
  copy: ReadCopy,
  tests: readonly ColumnTest[],
  timeSlice: TimeSlice,
): Promise<Uint32Array> {
  const places = new Places();
  const columns = tests.map(({ column }) => column);
  let tested: readonly TypedColumn[] | undefined;
  let passes: RowTest[] = [];
  for await (const stretch of cache.over(copy, columns, timeSlice)) {
    if (stretch.columns !== tested) passes = await rowTests(stretch.columns, tests, timeSlice);
    tested = stretch.columns;
    const shift = stretch.from - stretch.offset;
    const end = stretch.offset + stretch.rows;
    for (let at = stretch.offset; at < end; at++) if (passesAll(passes, at)) places.add(at + shift);
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  return places.done();
}

function passesAll(passes: readonly RowTest[], at: number): boolean {
  for (let i = 0; i < passes.length; i++) if (!(passes[i] as RowTest)(at)) return false;
  return true;
}

async function rowTests(columns: readonly TypedColumn[], tests: readonly ColumnTest[], timeSlice: TimeSlice): Promise<RowTest[]> {
  const made: RowTest[] = [];
  for (const [i, { accepts }] of tests.entries()) made.push(await rowTest(columns[i] as TypedColumn, accepts, timeSlice));
  return made;
}

/** A test of values as a test of rows; of texts, each different one is tested once. */
async function rowTest(typed: TypedColumn, accepts: Accepts, timeSlice: TimeSlice): Promise<RowTest> {
  if ('values' in typed) {
    const { values } = typed;
    return (place) => {
      const value = values[place] as number;
      return accepts(Number.isNaN(value) ? undefined : value);
    };
  }
  const { codes } = typed;
  const passed = await passedNames(typed, accepts, timeSlice);
  const missingPasses = accepts(undefined);
  return (place) => {
    const code = codes[place] as number;
    return code < 0 ? missingPasses : passed[code] === 1;
  };
}

async function passedNames({ names }: TextColumn, accepts: Accepts, timeSlice: TimeSlice): Promise<Uint8Array> {
  const passed = new Uint8Array(names.length);
  for (let i = 0; i < names.length; i++) {
    passed[i] = Number(accepts(names[i] as string));
    if (i % TEXTS_PER_STEP === 0 && timeSlice.isSpent()) await timeSlice.yield();
  }
  return passed;
}
