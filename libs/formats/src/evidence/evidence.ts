import { type Column, type Evidence, loadLimits } from '@almanac/domain';
import { ColumnBudget } from '../column-names.ts';
import { Fault } from '../malformed.ts';
import type { Field, Row, ValueCounter } from '../row.ts';
import { ColumnEvidence } from './column-evidence.ts';
import { Budget } from './distinct.ts';

/** Counts what the values of every column read as, over every row; the types follow from it at the end. */
export class EvidenceCounter implements ValueCounter {
  readonly #columns: ColumnEvidence[] = [];
  readonly #byName = new Map<string, ColumnEvidence>();
  readonly #budget = new Budget();
  readonly #columnBudget = new ColumnBudget();
  readonly #units: ReadonlyMap<string, string>;
  /** the list of names that fields came under last, and the columns for them */
  #names: readonly string[] = [];
  #placed: ColumnEvidence[] = [];
  #rows = 0;

  /** `units`: what the source itself says its columns are measured in. It is read at the end, when all of the source has been. */
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
      // Records mostly have the same members in the same order: look where the next one was last time.
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

  /** Column name -> evidence, whose texts have at most so many characters each. */
  evidence(shownCharacters?: number): Record<string, Evidence> {
    return Object.fromEntries(this.#columns.map((column) => [column.name, column.evidence(this.#rows, shownCharacters)]));
  }

  /** Lets go of what only counting needs. */
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
