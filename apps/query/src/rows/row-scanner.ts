import { stringEnd, valueEnd } from '@almanac/domain';

const CLOSE = 125;

/**
 * Finds the tokens of named members in rows (minified JSON objects) without parsing them, so that every literal stays as it was
 * written. Rows of one data set mostly have the same members in the same order; that order is guessed from the row before.
 * Of a name that occurs twice the last counts, as in JSON.parse.
 */
export class RowScanner {
  readonly #places: ReadonlyMap<string, number>;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** the members in the order of the last row: `"name":`, and the index of the wanted column (-1: none) */
  readonly #order: { prefix: string; place: number }[] = [];
  #text = '';

  constructor(names: readonly string[]) {
    this.#places = new Map(names.map((name, i) => [name, i]));
    this.#starts = new Int32Array(names.length);
    this.#ends = new Int32Array(names.length);
  }

  /** Reads the row that begins at `at`. Returns the offset after it. */
  scan(text: string, at: number): number {
    this.#text = text;
    this.#starts.fill(-1);
    let i = at + 1;
    if (text.charCodeAt(i) === CLOSE) return i + 1;
    for (let member = 0; ; member++) {
      let known = this.#order[member];
      if (known === undefined || !text.startsWith(known.prefix, i)) {
        known = this.#memberAt(i);
        this.#order[member] = known;
      }
      const from = i + known.prefix.length;
      const to = valueEnd(text, from);
      if (known.place >= 0) {
        this.#starts[known.place] = from;
        this.#ends[known.place] = to;
      }
      if (text.charCodeAt(to) === CLOSE) return to + 1;
      i = to + 1;
    }
  }

  #memberAt(i: number): { prefix: string; place: number } {
    const prefix = this.#text.slice(i, stringEnd(this.#text, i) + 1);
    return { prefix, place: this.#places.get(JSON.parse(prefix.slice(0, -1)) as string) ?? -1 };
  }

  /** The token of a column in the row last scanned, or undefined if the row does not have it. */
  token(place: number): string | undefined {
    const from = this.#starts[place] as number;
    return from < 0 ? undefined : this.#text.slice(from, this.#ends[place]);
  }
}

/** Calls back for each row of a chunk's text (rows joined by ",\n"). */
export function eachRow(text: string, scanner: RowScanner, visit: () => void): void {
  for (let at = 0; at < text.length; at += 2) {
    at = scanner.scan(text, at);
    visit();
  }
}

/** The content of a string token. */
export const stringOf = (token: string): string => (token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1));
