import type { Column, Evidence } from '@almanac/domain';
import { ColumnEvidence } from './column-evidence.ts';
import type { Budget } from './distinct.ts';
import { COLUMN_LIMIT } from './header.ts';
import { malformed } from './malformed.ts';
import type { Row, ValueCounter } from './row.ts';

/** Counts what the values of every column read as, over every row; the types follow from it at the end. */
export class EvidenceCounter implements ValueCounter {
  readonly #columns: ColumnEvidence[] = [];
  readonly #byName = new Map<string, ColumnEvidence>();
  readonly #budget: Budget = { entries: 200_000 };
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  count(row: Row): void {
    this.#rows++;
    row.countIn(this);
  }

  /** The fields of a row whose columns are the same in every row of the source. */
  countFields(names: readonly string[], fields: readonly string[], row: number): void {
    if (this.#columns.length === 0) for (const name of names) this.#column(name);
    const columns = this.#columns;
    for (let i = 0; i < columns.length; i++) (columns[i] as ColumnEvidence).field(fields[i] as string, row);
  }

  countRecord(record: Readonly<Record<string, unknown>>, row: number): void {
    let place = 0;
    for (const name in record) {
      // Records mostly have the same members in the same order: look where the next one was last time.
      let column = this.#columns[place];
      if (column?.name !== name) column = this.#byName.get(name) ?? this.#column(name);
      column.value(record[name], row);
      place++;
    }
  }

  /** The columns as the data set's schema holds them, in the source's order. */
  columns(): Column[] {
    return this.#columns.map((column) => column.column());
  }

  /** Column name -> evidence. */
  evidence(): Record<string, Evidence> {
    return Object.fromEntries(this.#columns.map((column) => [column.name, column.evidence(this.#rows)]));
  }

  #column(name: string): ColumnEvidence {
    if (this.#columns.length >= COLUMN_LIMIT) {
      throw malformed(`The records have more than ${COLUMN_LIMIT} different members; is one of them a key that should be a value?`);
    }
    const column = new ColumnEvidence(name, this.#budget);
    this.#columns.push(column);
    this.#byName.set(name, column);
    return column;
  }
}
