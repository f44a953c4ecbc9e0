import { comparesAsNumber } from '@almanac/analysis';
import { type Data, Dictionary, Float64, Int32, makeData, Utf8, Vector } from 'apache-arrow';
import type { NumberColumn, TextColumn, TypedColumn } from '../columns/typed-column.ts';
import { columnBuilder } from '../columns/typed-column.ts';
import type { Selection } from '../rows/selection.ts';
import { TimeSlice } from '../time-slice.ts';
import { type ArrowColumnMaker, BATCH_ROWS } from './arrow-batches.ts';
import { ArrowStream } from './arrow-stream.ts';

/** The rows of columns that go out; see Selection. */
type Range = Pick<Selection, 'places' | 'from' | 'to'>;

/**
 * An Arrow IPC stream for plots, from columns that are in memory: numbers, booleans and times (milliseconds UTC) as Float64 with NaN for
 * missing; texts as dictionaries with null for missing and for the empty text.
 */
export async function* arrowPieces(typed: readonly TypedColumn[], range: Range): AsyncGenerator<Uint8Array> {
  const timeSlice = new TimeSlice();
  const arrays: ArrowArray[] = [];
  for (const [i, column] of typed.entries()) {
    arrays.push(arrayOf(column, range, i));
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  const stream = new ArrowStream(
    typed.map(({ column }) => column),
    arrays.map(({ type }) => type),
  );
  const rows = range.to - range.from;
  for (let at = 0; at < rows || at === 0; at += BATCH_ROWS) {
    const length = Math.min(BATCH_ROWS, rows - at);
    yield* stream.batch(
      length,
      arrays.map(({ data }) => data(at, length)),
      timeSlice,
    );
  }
  yield* stream.end();
}

/** Different texts of a column that go out as one dictionary: more would be too much work for one turn. */
const MOST_NAMES = 65_536;

/** Whether columns that are in memory go out as one dictionary each. */
export const areFew = (typed: readonly TypedColumn[]): boolean =>
  typed.every((column) => 'values' in column || column.names.length <= MOST_NAMES);

/** The same form for rows that are read as they are sent. */
export const plainColumn: ArrowColumnMaker = (column, rows, index) => {
  const builder = columnBuilder(column, rows);
  return {
    type: comparesAsNumber(column.type) ? new Float64() : dictionaryType(index),
    add: (row, token) => builder.add(row, token),
    data: () => arrayOf(builder.done().typed, { places: undefined, from: 0, to: rows }, index).data(0, rows),
  };
};

interface ArrowArray {
  type: Float64 | Dictionary<Utf8, Int32>;
  data: (from: number, length: number) => Data;
}

/** Dictionaries of one stream are distinguished by a number. */
const dictionaryType = (index: number) => new Dictionary(new Utf8(), new Int32(), index);

const arrayOf = (typed: TypedColumn, range: Range, index: number): ArrowArray =>
  'values' in typed ? numbersOf(typed, range) : codesOf(typed, range, index);

function numbersOf({ values }: NumberColumn, { places, from, to }: Range): ArrowArray {
  const type = new Float64();
  const chosen = places === undefined ? values.subarray(from, to) : pick(values, new Float64Array(to - from), places, from);
  return { type, data: (at, length) => makeData({ type, length, nullCount: 0, data: chosen.subarray(at, at + length) }) };
}

function codesOf({ codes, names }: TextColumn, { places, from, to }: Range, index: number): ArrowArray {
  const chosen = places === undefined ? codes.slice(from, to) : pick(codes, new Int32Array(to - from), places, from);
  const dictionary = utf8Vector(compact(chosen, names));
  const type = dictionaryType(index);
  return {
    type,
    data: (at, length) => {
      const part = chosen.subarray(at, at + length);
      const { nullBitmap, nullCount, indices } = withoutMissing(part);
      return makeData({ type, length, nullCount, nullBitmap, data: indices, dictionary });
    },
  };
}

function pick<T extends Float64Array | Int32Array>(values: T, chosen: T, places: Uint32Array, from: number): T {
  for (let i = 0; i < chosen.length; i++) chosen[i] = values[places[from + i] as number] as number;
  return chosen;
}

/** The names that occur, renumbered in place in the order they do. */
function compact(codes: Int32Array, names: readonly string[]): string[] {
  const renumbered = new Int32Array(names.length).fill(-1);
  const used: string[] = [];
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    if (code < 0) continue;
    if (renumbered[code] === -1) renumbered[code] = used.push(names[code] as string) - 1;
    codes[i] = renumbered[code] as number;
  }
  return used;
}

function withoutMissing(codes: Int32Array): { nullBitmap: Uint8Array; nullCount: number; indices: Int32Array } {
  const nullBitmap = new Uint8Array(Math.ceil(codes.length / 64) * 8);
  const indices = new Int32Array(codes.length);
  let nullCount = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    if (code < 0) nullCount++;
    else {
      nullBitmap[i >> 3] = (nullBitmap[i >> 3] as number) | (1 << (i & 7));
      indices[i] = code;
    }
  }
  return { nullBitmap, nullCount, indices };
}

function utf8Vector(names: readonly string[]): Vector<Utf8> {
  const valueOffsets = new Int32Array(names.length + 1);
  for (const [i, name] of names.entries()) valueOffsets[i + 1] = (valueOffsets[i] as number) + Buffer.byteLength(name);
  const data = Buffer.from(names.join(''));
  return new Vector([makeData({ type: new Utf8(), length: names.length, nullCount: 0, valueOffsets, data })]);
}
