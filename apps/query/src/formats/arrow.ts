import type { Column } from '@almanac/domain';
import {
  Dictionary,
  Field,
  Float64,
  Int32,
  makeData,
  makeVector,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { ColumnValues } from '../reading/columns.ts';

export const ARROW = 'application/vnd.apache.arrow.stream';

/** Rows of one record batch: what a reader has to hold at a time. */
const BATCH_ROWS = 1 << 16;

/**
 * Columns as an Arrow IPC stream. Numbers, booleans and times (milliseconds UTC) are doubles with NaN for missing;
 * text is a dictionary of UTF-8 with null for missing. Field metadata: type, title, unit.
 */
export async function* arrowStream(columns: readonly Column[], values: readonly ColumnValues[], rows: number): AsyncGenerator<Uint8Array> {
  const data = values.map(arrowData);
  const schema = new Schema(
    columns.map((column, i) => new Field(column.name, (data[i] as (typeof data)[number]).type, true, metadataOf(column))),
  );
  const whole = makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children: data });
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  for (let from = 0; from < rows; from += BATCH_ROWS)
    writer.write(new RecordBatch(schema, whole.slice(from, Math.min(BATCH_ROWS, rows - from))));
  writer.finish();
  yield* writer;
}

function arrowData(values: ColumnValues) {
  if (values.kind === 'number') return makeData({ type: new Float64(), length: values.numbers.length, nullCount: 0, data: values.numbers });
  const { codes, names } = values;
  const dictionary =
    names.length === 0
      ? makeVector({ type: new Utf8(), length: 0, nullCount: 0, data: new Uint8Array(0), valueOffsets: new Int32Array(1) })
      : vectorFromArray([...names], new Utf8());
  return makeData({ type: new Dictionary(new Utf8(), new Int32()), length: codes.length, ...validity(codes), data: codes, dictionary });
}

/** Code -1 stands for a missing value; Arrow wants a bitmap. */
function validity(codes: Int32Array): { nullCount: number; nullBitmap?: Uint8Array } {
  const bitmap = new Uint8Array((codes.length + 7) >> 3);
  let missing = 0;
  for (let i = 0; i < codes.length; i++) {
    if ((codes[i] as number) < 0) {
      missing++;
      codes[i] = 0;
    } else bitmap[i >> 3] = (bitmap[i >> 3] as number) | (1 << (i & 7));
  }
  return missing === 0 ? { nullCount: 0 } : { nullCount: missing, nullBitmap: bitmap };
}

const metadataOf = ({ type, title, unit }: Column): Map<string, string> =>
  new Map(Object.entries({ type, title, unit }).filter((entry): entry is [string, string] => entry[1] !== undefined));
