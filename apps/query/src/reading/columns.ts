import type { Predicate, Row } from '@almanac/analysis';
import { type Column, parseTime } from '@almanac/domain';
import type { ReadCopy } from '@almanac/store';
import { rowTexts } from './selection.ts';

/** The values of one column over rows: doubles (NaN = missing), or codes into names (-1 = missing). */
export type ColumnValues = { kind: 'number'; numbers: Float64Array } | { kind: 'text'; codes: Int32Array; names: readonly string[] };

/** Columns remembered per copy; plots of one data set mostly ask for the same few. */
const KEPT_COLUMNS = 12;
const kept = new WeakMap<ReadCopy, Map<string, ColumnValues>>();

/** The columns of every row, or of those a filter leaves. Whole columns are remembered with their copy, so that the next plot does not parse again. */
export async function readColumns(copy: ReadCopy, columns: readonly Column[], predicate: Predicate | undefined): Promise<ColumnValues[]> {
  if (predicate !== undefined) return collect(copy, columns, predicate);
  const known = kept.get(copy) ?? new Map<string, ColumnValues>();
  kept.set(copy, known);
  const missing = columns.filter(({ name }) => !known.has(name));
  const values = missing.length === 0 ? [] : await collect(copy, missing, undefined);
  for (const [i, { name }] of missing.entries()) known.set(name, values[i] as ColumnValues);
  const answer = columns.map(({ name }) => known.get(name) as ColumnValues);
  for (const name of known.keys()) if (known.size > KEPT_COLUMNS) known.delete(name);
  return answer.map(copied);
}

/** Writing an Arrow stream marks missing codes in place; what is remembered must not change. */
const copied = (values: ColumnValues): ColumnValues => (values.kind === 'number' ? values : { ...values, codes: values.codes.slice() });

async function collect(copy: ReadCopy, columns: readonly Column[], predicate: Predicate | undefined): Promise<ColumnValues[]> {
  const collectors = columns.map((column) =>
    column.type === 'string' || column.type === 'json' ? new Texts(column.name, copy.rows) : new Numbers(column, copy.rows),
  );
  let at = 0;
  for await (const rows of rowTexts(copy.all())) {
    for (const text of rows) {
      const row = JSON.parse(text) as Row;
      if (predicate !== undefined && !predicate(row)) continue;
      for (const collector of collectors) collector.add(row, at);
      at++;
    }
  }
  return collectors.map((collector) => collector.values(at));
}

class Numbers {
  readonly #column: Column;
  readonly #numbers: Float64Array;

  constructor(column: Column, rows: number) {
    this.#column = column;
    this.#numbers = new Float64Array(rows);
  }

  add(row: Row, at: number): void {
    const value = row[this.#column.name];
    if (typeof value === 'number') this.#numbers[at] = value;
    else if (typeof value === 'boolean') this.#numbers[at] = value ? 1 : 0;
    else if (typeof value === 'string' && this.#column.type === 'time') this.#numbers[at] = parseTime(value) ?? Number.NaN;
    else this.#numbers[at] = Number.NaN;
  }

  values(rows: number): ColumnValues {
    return { kind: 'number', numbers: this.#numbers.subarray(0, rows) };
  }
}

class Texts {
  readonly #name: string;
  readonly #codes: Int32Array;
  readonly #codeOf = new Map<string, number>();

  constructor(name: string, rows: number) {
    this.#name = name;
    this.#codes = new Int32Array(rows);
  }

  add(row: Row, at: number): void {
    const value = row[this.#name];
    if (value === null || value === undefined || value === '') {
      this.#codes[at] = -1;
      return;
    }
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.#codeOf.size;
      this.#codeOf.set(text, code);
    }
    this.#codes[at] = code;
  }

  values(rows: number): ColumnValues {
    return { kind: 'text', codes: this.#codes.subarray(0, rows), names: [...this.#codeOf.keys()] };
  }
}
