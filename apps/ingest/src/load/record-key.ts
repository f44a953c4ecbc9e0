import { type Reject, shown, unknownColumn } from '@almanac/domain';
import { guessKey, type Row, reject } from '@almanac/formats';
import type { StagedGeneration } from '@almanac/store';

/**
 * The key of the records of one load. A key that the caller chose is kept: rows that repeat it or lack it are rejected.
 * A guessed key is dropped at the first such row: records then have no key and are identified by their number.
 */
export class RecordKey {
  readonly #isGuessed: boolean;
  readonly #notes: Set<string>;
  #column: string | undefined;

  /**
   * `wanted`: a column, '' for no key, undefined to guess from the first rows; `hint`: the key that the format or profile defines.
   * Throws 'unknown-column'.
   */
  constructor(wanted: string | undefined, firstRows: readonly Row[], notes: Set<string>, hint?: string) {
    this.#notes = notes;
    this.#isGuessed = wanted === undefined;
    this.#column = wanted === undefined ? guessKey(firstRows, hint) : wanted === '' ? undefined : known(wanted, firstRows);
  }

  get column(): string | undefined {
    return this.#column;
  }

  get isGuess(): boolean {
    return this.#isGuessed && this.#column !== undefined;
  }

  /** Stages a row. Returns undefined if the row was staged, else the reject; as a promise if the store needs time. */
  add(staged: StagedGeneration, row: Row): Reject | undefined | Promise<Reject | undefined> {
    if (this.#column === undefined) return settled(staged.add(row.text));
    const key = row.keyText(this.#column);
    if (key === undefined) return this.#refuse(staged, row, `has no value in the key column ${shown(this.#column)}`);
    const added = staged.add(row.text, key);
    if (added === true) return undefined;
    return added === false ? this.#repeated(staged, row, key) : added.then((isIn) => (isIn ? undefined : this.#repeated(staged, row, key)));
  }

  #repeated(staged: StagedGeneration, row: Row, key: string): Reject | undefined | Promise<Reject | undefined> {
    return this.#refuse(staged, row, `repeats the key ${shown(key)} of an earlier row`);
  }

  #refuse(staged: StagedGeneration, row: Row, reason: string): Reject | undefined | Promise<Reject | undefined> {
    if (!this.#isGuessed) return reject(row.number, reason, row.text);
    this.#notes.add(`Records have no key: '${this.#column}' was guessed, but row ${row.number} ${reason}.`);
    this.#column = undefined;
    staged.abandonKey();
    return settled(staged.add(row.text));
  }
}

/** Without a key no row is rejected. */
const settled = (added: boolean | Promise<boolean>): undefined | Promise<undefined> =>
  typeof added === 'boolean' ? undefined : added.then(() => undefined);

function known(column: string, rows: readonly Row[]): string {
  if (rows.some((row) => row.names().includes(column))) return column;
  throw unknownColumn(column, [...new Set(rows.flatMap((row) => row.names()))], 'key');
}
