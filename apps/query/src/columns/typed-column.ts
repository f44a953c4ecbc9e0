import { comparesAsNumber } from '@almanac/analysis';
import { type Column, type ColumnType, parseTime } from '@almanac/domain';
import { stringOf } from '../rows/row-scanner.ts';

/** Integers, numbers, booleans (0, 1) and times (milliseconds UTC) as doubles; missing is NaN. */
export interface NumberColumn {
  column: Column;
  values: Float64Array;
}

/** Texts and JSON as codes into the different ones; missing, and the empty text, is -1. */
export interface TextColumn {
  column: Column;
  codes: Int32Array;
  names: readonly string[];
}

export type TypedColumn = NumberColumn | TextColumn;

export interface ColumnBuilder {
  /** bytes so far */
  readonly bytes: number;
  add(row: number, token: string | undefined): void;
  done(): { typed: TypedColumn; bytes: number };
}

export const columnBuilder = (column: Column, rows: number): ColumnBuilder =>
  comparesAsNumber(column.type) ? new NumberBuilder(column, rows) : new TextBuilder(column, rows);

class NumberBuilder implements ColumnBuilder {
  readonly #column: Column;
  readonly #values: Float64Array;
  readonly #read: (token: string) => number;

  constructor(column: Column, rows: number) {
    this.#column = column;
    this.#values = new Float64Array(rows);
    this.#read = readers[column.type];
  }

  get bytes(): number {
    return this.#values.byteLength;
  }

  add(row: number, token: string | undefined): void {
    this.#values[row] = token === undefined ? Number.NaN : this.#read(token);
  }

  done() {
    return { typed: { column: this.#column, values: this.#values }, bytes: this.bytes };
  }
}

const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);
const numberOf = (token: string): number => finite(Number(token));
const readers: Record<ColumnType, (token: string) => number> = {
  integer: numberOf,
  number: numberOf,
  boolean: (token) => (token === 'true' ? 1 : token === 'false' ? 0 : Number.NaN),
  time: (token) => (token.startsWith('"') ? (parseTime(stringOf(token)) ?? Number.NaN) : Number.NaN),
  string: numberOf,
  json: numberOf,
};

class TextBuilder implements ColumnBuilder {
  readonly #column: Column;
  readonly #codes: Int32Array;
  readonly #known = new Map<string, number>();
  #textBytes = 0;

  constructor(column: Column, rows: number) {
    this.#column = column;
    this.#codes = new Int32Array(rows);
  }

  get bytes(): number {
    return this.#codes.byteLength + this.#textBytes;
  }

  add(row: number, token: string | undefined): void {
    this.#codes[row] = token === undefined || token === 'null' || token === '""' ? -1 : this.#codeOf(token);
  }

  #codeOf(token: string): number {
    const text = token.startsWith('"') && this.#column.type === 'string' ? stringOf(token) : token;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    // A copy: a slice would keep the whole chunk's text alive.
    const own = Buffer.from(text).toString();
    this.#known.set(own, this.#known.size);
    this.#textBytes += own.length * 2 + 64;
    return this.#known.size - 1;
  }

  done() {
    const typed = { column: this.#column, codes: this.#codes, names: [...this.#known.keys()] };
    return { typed, bytes: this.bytes };
  }
}
