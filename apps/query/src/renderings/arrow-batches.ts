import type { Column } from '@almanac/domain';
import type { Slice } from '@almanac/store';
import type { Data, DataType } from 'apache-arrow';
import { eachRow, RowScanner } from '../rows/row-scanner.ts';
import { TimeSlice } from '../time-slice.ts';
import { ArrowStream } from './arrow-stream.ts';

/** Rows, values and bytes of stored rows of one record batch at most. */
export const BATCH_ROWS = 65_536;
const BATCH_VALUES = 262_144;
const BATCH_BYTES = 1 << 20;

/** One column of one record batch, made row by row. */
export interface ArrowColumn {
  readonly type: DataType;
  add(row: number, token: string | undefined): void;
  data(): Data;
}
/** `index`: which column of the stream it is. */
export type ArrowColumnMaker = (column: Column, rows: number, index: number) => ArrowColumn;

/** Maximum rows of one batch, or slice, by the number of columns. */
export const arrowRows = (columns: number): number => Math.min(BATCH_ROWS, Math.max(1, Math.floor(BATCH_VALUES / Math.max(1, columns))));

/** An Arrow IPC stream of rows, batch by batch as it is taken: no more than one batch is held. */
export async function* arrowBatches(rows: Iterable<Slice>, columns: readonly Column[], make: ArrowColumnMaker): AsyncGenerator<Uint8Array> {
  const empty = columns.map((column, i) => make(column, 0, i));
  const stream = new ArrowStream(
    columns,
    empty.map(({ type }) => type),
  );
  const scanner = new RowScanner(columns.map(({ name }) => name));
  const timeSlice = new TimeSlice();
  let isEmpty = true;
  for (const batch of batchesOf(rows, arrowRows(columns.length))) {
    const count = batch.reduce((sum, slice) => sum + slice.rows, 0);
    const made = columns.map((column, i) => make(column, count, i));
    let row = 0;
    for (const { bytes } of batch) {
      eachRow(bytes.toString(), scanner, () => {
        for (let i = 0; i < made.length; i++) made[i]?.add(row, scanner.token(i));
        row++;
      });
      if (timeSlice.isSpent()) await timeSlice.yield();
    }
    yield* stream.batch(count, dataOf(made), timeSlice);
    isEmpty = false;
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  if (isEmpty) yield* stream.batch(0, dataOf(empty), timeSlice);
  yield* stream.end();
}

const dataOf = (columns: readonly ArrowColumn[]): Data[] => columns.map((column) => column.data());

/** Slices together as long as they have few rows and bytes. */
function* batchesOf(slices: Iterable<Slice>, mostRows: number): Generator<Slice[]> {
  let [batch, rows, bytes]: [Slice[], number, number] = [[], 0, 0];
  for (const slice of slices) {
    if (rows > 0 && (rows + slice.rows > mostRows || bytes + slice.bytes.length > BATCH_BYTES)) {
      yield batch;
      [batch, rows, bytes] = [[], 0, 0];
    }
    batch.push(slice);
    rows += slice.rows;
    bytes += slice.bytes.length;
  }
  if (rows > 0) yield batch;
}
