const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
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
  /** the members as the last rows had them: `"name":`, and which wanted column that is (-1: none) */
  readonly #order: { prefix: string; place: number }[] = [];
  #text = '';

  constructor(names: readonly string[]) {
    this.#places = new Map(names.map((name, i) => [name, i]));
    this.#starts = new Int32Array(names.length);
    this.#ends = new Int32Array(names.length);
  }

  /** Reads the row that begins at `at`; answers the offset after it. */
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

  /** The token of a column in the row last scanned, or undefined where the row does not have it. */
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

/** One past the closing quote of the string that begins at `at`. */
function stringEnd(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); ; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
}

function valueEnd(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return stringEnd(text, at);
  if (first === OPEN || first === 91) return nestedEnd(text, at);
  let i = at;
  for (let code = first; code !== 44 && code !== CLOSE; code = text.charCodeAt(++i));
  return i;
}

function nestedEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; ; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = stringEnd(text, i) - 1;
    else if (code === OPEN || code === 91) depth++;
    else if ((code === CLOSE || code === 93) && --depth === 0) return i + 1;
  }
}

/** What a string token holds. */
export const stringOf = (token: string): string => (token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1));
