import { loadLimits } from '@almanac/domain';
import { HERE, LimitFault } from './malformed.ts';

/** Throws a LimitFault at offset `at` if the name of a column, an element or an attribute is too long. `what`: 'the name of column 3'. */
export function checkName(name: string, at = HERE, what = 'a name'): void {
  const limit = loadLimits.columnNameCharacters;
  if (name.length <= limit.value) return;
  throw new LimitFault(at, limit, name.length, `${what} is too long (${JSON.stringify(name.slice(0, 40))}...)`, 'Is it a value?');
}

/** Checks the columns of one source against three limits: their number, the length of each name, the length of all names. */
export class ColumnBudget {
  #columns = 0;
  #bytes = 0;

  /** Throws a LimitFault at offset `at`. */
  add(name: string, at = HERE): void {
    const { columns, columnNamesBytes } = loadLimits;
    checkName(name, at, `the name of column ${++this.#columns}`);
    if (this.#columns > columns.value) {
      throw new LimitFault(at, columns, this.#columns, 'there are too many columns', 'Is a value used as a member name?');
    }
    this.#bytes += Buffer.byteLength(JSON.stringify(name));
    if (this.#bytes <= columnNamesBytes.value) return;
    const what = `the names of the first ${this.#columns.toLocaleString('en')} columns together are too long`;
    throw new LimitFault(at, columnNamesBytes, this.#bytes, what, 'Shorten the names.');
  }
}

/** Checks all names of one header. Throws a LimitFault at offset `at`. */
export function checkColumns(names: readonly string[], at: number): void {
  const budget = new ColumnBudget();
  for (const name of names) budget.add(name, at);
}
