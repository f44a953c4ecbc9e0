import { type Column, type Evidence, loadLimits } from '@almanac/domain';
import { ColumnBudget } from '../column-names.ts';
import { Fault } from '../malformed.ts';
import type { Field, Row, ValueCounter } from '../row.ts';
import { ColumnEvidence } from './column-evidence.ts';
import { Budget } from './distinct.ts';

/** Counts the kinds of all values of all columns. The types of the columns follow from the counts at the end. */
export class EvidenceCounter implements ValueCounter {
  readonly #columns: ColumnEvidence[] = [];
  readonly #byName = new Map<string, ColumnEvidence>();
  readonly #budget = new Budget();
  readonly #columnBudget = new ColumnBudget();
  readonly #units: ReadonlyMap<string, string>;
  /** the last list of names, and its columns */
  #names: readonly string[] = [];
  #placed: ColumnEvidence[] = [];
  #rows = 0;

  /** `units`: column -> unit from the source. It is read at the end, when the source is complete. */
  constructor(units: ReadonlyMap<string, string> = new Map()) {
    this.#units = units;
  }

  get rows(): number {
    return this.#rows;
  }

  count(row: Row): void {
    this.#rows++;
    row.countIn(this);
  }

  countFields(names: readonly string[], fields: readonly Field[], row: number): void {
    if (names !== this.#names) {
      this.#names = names;
      this.#placed = names.map((name) => this.#byName.get(name) ?? this.#column(name));
    }
    const columns = this.#placed;
    for (let i = 0; i < columns.length; i++) (columns[i] as ColumnEvidence).field(fields[i] as Field, row);
  }

  countRecord(record: Readonly<Record<string, unknown>>, row: number): void {
    let place = 0;
    for (const name in record) {
      // Most records have the same members in the same order: try the column at this place first.
      let column = this.#columns[place];
      if (column?.name !== name) column = this.#byName.get(name) ?? this.#column(name);
      column.value(record[name], row);
      place++;
    }
  }

  /** The columns as the data set's schema holds them, in the source's order. */
  columns(): Column[] {
    const limit = loadLimits.unitCharacters.value;
    return this.#columns.map((column) => column.column(this.#units.get(column.name)?.slice(0, limit)));
  }

  /** Column name -> evidence; each text in it has at most `shownCharacters`. */
  evidence(shownCharacters?: number): Record<string, Evidence> {
    return Object.fromEntries(this.#columns.map((column) => [column.name, column.evidence(this.#rows, shownCharacters)]));
  }

  /** Releases the memory for counting. */
  close(): void {
    this.#budget.release();
  }

  #checkName(name: string): void {
    try {
      this.#columnBudget.add(name);
    } catch (error) {
      throw error instanceof Fault ? error.problem(`Row ${this.#rows.toLocaleString('en')}: `) : error;
    }
  }

  #column(name: string): ColumnEvidence {
    this.#checkName(name);
    const column = new ColumnEvidence(name, this.#budget);
    this.#columns.push(column);
    this.#byName.set(name, column);
    return column;
  }
}
