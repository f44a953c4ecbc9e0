import type { Column } from '@almanac/domain';
import {
  AsyncByteQueue,
  type Data,
  Dictionary,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  type TypeMap,
  Utf8,
  Vector,
} from 'apache-arrow';
import type { NumberColumn, TextColumn, TypedColumn } from '../columns/typed-column.ts';
import type { Selection } from '../records/selection.ts';

/** Rows of one record batch at most. */
export const BATCH_ROWS = 65_536;

/**
 * An Arrow IPC stream: numbers, booleans and times (milliseconds UTC) as Float64 with NaN for missing; texts as dictionaries
 * with null for missing. A field's metadata says its type, title and unit.
 */
export function* arrowPieces(typed: readonly TypedColumn[], selection: Selection): Generator<Uint8Array> {
  const arrays = typed.map((column, i) => ('values' in column ? numbersOf(column, selection) : codesOf(column, selection, i)));
  const schema = new Schema<TypeMap>(
    typed.map(({ column }, i) => new Field(column.name, arrays[i]?.type as never, true, metadataOf(column))),
  );
  const writer = new RecordBatchStreamWriter();
  const out = new Collected();
  writer.reset(out, schema);
  const rows = selection.to - selection.from;
  for (let at = 0; at < rows || at === 0; at += BATCH_ROWS) {
    const length = Math.min(BATCH_ROWS, rows - at);
    const children = arrays.map(({ data }) => data(at, length));
    writer.write(new RecordBatch(schema, makeData({ type: new Struct<TypeMap>(schema.fields), length, nullCount: 0, children })));
    yield* out.take();
  }
  writer.finish();
  yield* out.take();
}

/** Takes what the writer writes, at once, so that no more than one batch waits. */
class Collected extends AsyncByteQueue<Uint8Array> {
  #pieces: Uint8Array[] = [];

  override write(value: Uint8Array): void {
    this.#pieces.push(value);
  }

  take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }
}

interface ArrowArray {
  type: Float64 | Dictionary<Utf8, Int32>;
  data: (from: number, length: number) => Data;
}

function numbersOf({ values }: NumberColumn, { places, from, to }: Selection): ArrowArray {
  const type = new Float64();
  const chosen = places === undefined ? values.subarray(from, to) : pick(values, new Float64Array(to - from), places, from);
  return { type, data: (at, length) => makeData({ type, length, nullCount: 0, data: chosen.subarray(at, at + length) }) };
}

function codesOf({ codes, names }: TextColumn, { places, from, to }: Selection, id: number): ArrowArray {
  const chosen = places === undefined ? codes.slice(from, to) : pick(codes, new Int32Array(to - from), places, from);
  const dictionary = utf8Vector(compact(chosen, names));
  const type = new Dictionary(new Utf8(), new Int32(), id);
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

const metadataOf = ({ type, title, unit }: Column): Map<string, string> =>
  new Map([
    ['type', type],
    ...(title === undefined ? [] : ([['title', title]] as const)),
    ...(unit === undefined ? [] : ([['unit', unit]] as const)),
  ]);
