import type { Column } from '@almanac/domain';
import type { ReadCopy } from '@almanac/store';
import { eachRow, RowScanner } from '../rows/row-scanner.ts';
import type { TimeSlice } from '../time-slice.ts';
import { type ColumnBuilder, columnBuilder, type TypedColumn } from './typed-column.ts';

/** Part of the budget that the columns of one request may take; larger ones are read anew for each request. */
const SHARE = 1 / 4;
/** Bytes of one value beside what a text takes. */
const VALUE_BYTES = 8;

/** Rows of one step of work over columns that are in memory. */
const STEP = 16_384;

/** Some columns over a stretch of rows: `columns[i]` has the value of row `from` at place `offset`. */
export interface Stretch {
  columns: readonly TypedColumn[];
  from: number;
  offset: number;
  rows: number;
}

/**
 * Typed columns of read copies. They are made in one pass over the rows when they are first requested and kept with the copy, within the
 * budget of all reads. Columns that are too large for that are made chunk by chunk and not kept.
 */
export class ColumnCache {
  readonly #shareBytes: number;
  readonly #making = new WeakMap<ReadCopy, Map<string, Promise<TypedColumn | undefined>>>();

  constructor(limitBytes: number) {
    this.#shareBytes = limitBytes * SHARE;
  }

  /** The columns over all rows; undefined if they are too large to be kept in memory. */
  async get(copy: ReadCopy, columns: readonly Column[], timeSlice: TimeSlice): Promise<TypedColumn[] | undefined> {
    if (copy.rows * columns.length * VALUE_BYTES > this.#shareBytes) return undefined;
    const made = this.#making.get(copy) ?? new Map<string, Promise<TypedColumn | undefined>>();
    this.#making.set(copy, made);
    const missing = columns.filter(({ name }) => copy.find(keyOf(name)) === undefined && !made.has(name));
    if (missing.length > 0) this.#make(copy, missing, made, timeSlice);
    const found: TypedColumn[] = [];
    for (const { name } of columns) {
      const typed = copy.find<TypedColumn | 'too large'>(keyOf(name)) ?? (await made.get(name));
      if (typed === undefined || typed === 'too large') return undefined;
      found.push(typed);
    }
    return found;
  }

  /** The columns stretch by stretch over all rows: from memory, or made for this one pass. */
  async *over(copy: ReadCopy, columns: readonly Column[], timeSlice: TimeSlice): AsyncGenerator<Stretch> {
    const all = await this.get(copy, columns, timeSlice);
    if (all === undefined) yield* this.#passing(copy, columns);
    else
      for (let from = 0; from < copy.rows; from += STEP) yield { columns: all, from, offset: from, rows: Math.min(STEP, copy.rows - from) };
  }

  *#passing(copy: ReadCopy, columns: readonly Column[]): Generator<Stretch> {
    const scanner = new RowScanner(columns.map(({ name }) => name));
    for (let from = 0; from < copy.rows; ) {
      const { bytes, rows } = copy.sliceAt(from, STEP);
      const builders = columns.map((column) => columnBuilder(column, rows));
      addRows(bytes.toString(), scanner, builders, 0);
      yield { columns: builders.map((builder) => builder.done().typed), from, offset: 0, rows };
      from += rows;
    }
  }

  #make(copy: ReadCopy, columns: readonly Column[], made: Map<string, Promise<TypedColumn | undefined>>, timeSlice: TimeSlice): void {
    const all = makeColumns(copy, columns, this.#shareBytes, timeSlice);
    for (const [i, { name }] of columns.entries()) {
      const typed = all.then((results) => {
        const result = results?.[i];
        copy.keep(keyOf(name), result?.typed ?? 'too large', result?.bytes ?? 0);
        return result?.typed;
      });
      made.set(name, typed);
      typed.finally(() => made.delete(name)).catch(() => {});
    }
  }
}

const keyOf = (name: string): string => `column ${name}`;

type Made = { typed: TypedColumn; bytes: number };

/** Columns over all rows; undefined if their texts take more than `mostBytes`. */
async function makeColumns(
  copy: ReadCopy,
  columns: readonly Column[],
  mostBytes: number,
  timeSlice: TimeSlice,
): Promise<Made[] | undefined> {
  const builders = columns.map((column) => columnBuilder(column, copy.rows));
  const scanner = new RowScanner(columns.map(({ name }) => name));
  let row = 0;
  for (const { rows } of copy.all()) {
    row = addRows(rows.toString(), scanner, builders, row);
    if (builders.reduce((bytes, builder) => bytes + builder.bytes, 0) > mostBytes) return undefined;
    if (timeSlice.isSpent()) await timeSlice.yield();
  }
  return builders.map((builder) => builder.done());
}

/** Adds the rows of a text to the builders, from a row number on; returns the number of the next row. */
function addRows(text: string, scanner: RowScanner, builders: readonly ColumnBuilder[], first: number): number {
  let row = first;
  eachRow(text, scanner, () => {
    for (let i = 0; i < builders.length; i++) builders[i]?.add(row, scanner.token(i));
    row++;
  });
  return row;
}
