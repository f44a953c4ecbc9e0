import { type Reject, shown, unknownColumn } from '@almanac/domain';
import { guessKey, type Row, reject } from '@almanac/formats';
import type { StagedGeneration } from '@almanac/store';

/**
 * Names the records of one load. A key that the caller named is kept: rows that repeat it or lack it are kept apart.
 * A key that was only guessed is given up at the first such row: records are then named by their number.
 */
export class RecordKey {
  readonly #isGuessed: boolean;
  readonly #notes: Set<string>;
  #column: string | undefined;

  /**
   * `wanted`: a column's name, '' for no key, undefined to guess from the first rows; `hint`: what the format says it is.
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

  /** Stages a row. Undefined: it is in. A reject: it is to be kept apart. A promise: the store needs time. */
  add(staged: StagedGeneration, row: Row): Reject | undefined | Promise<Reject | undefined> {
    if (this.#column === undefined) return settled(staged.add(row.text));
    const key = row.keyText(this.#column);
    if (key === undefined) return this.#refuse(staged, row, `has no value in ${shown(this.#column)}, which names the records`);
    const added = staged.add(row.text, key);
    if (added === true) return undefined;
    return added === false ? this.#repeated(staged, row, key) : added.then((isIn) => (isIn ? undefined : this.#repeated(staged, row, key)));
  }

  #repeated(staged: StagedGeneration, row: Row, key: string): Reject | undefined | Promise<Reject | undefined> {
    return this.#refuse(staged, row, `repeats the key ${shown(key)} of an earlier row`);
  }

  #refuse(staged: StagedGeneration, row: Row, reason: string): Reject | undefined | Promise<Reject | undefined> {
    if (!this.#isGuessed) return reject(row.number, reason, row.text);
    this.#notes.add(
      `Records are named by their number: '${this.#column}' was taken for the key at first, but row ${row.number} ${reason}.`,
    );
    this.#column = undefined;
    staged.abandonKey();
    return settled(staged.add(row.text));
  }
}

/** Without a key no row is refused. */
const settled = (added: boolean | Promise<boolean>): undefined | Promise<undefined> =>
  typeof added === 'boolean' ? undefined : added.then(() => undefined);

function known(column: string, rows: readonly Row[]): string {
  if (rows.some((row) => row.names().includes(column))) return column;
  throw unknownColumn(column, [...new Set(rows.flatMap((row) => row.names()))], 'key');
}
