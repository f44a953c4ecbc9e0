import { loadLimits } from '@almanac/domain';
import { copyText } from './copy-text.ts';
import { acquireLargeRowSlot, LARGE_ROW } from './large-rows.ts';
import { Fault, LimitFault } from './malformed.ts';
import { type Batch, isFull, newBatch } from './row.ts';
import { freshTurn, giveWay } from './turns.ts';

/** Turns text into rows. */
export interface Scanner {
  /**
   * Adds the complete rows of `text` from offset `from` to `batch` until it is full. Returns the offset after the last one; the rest is
   * passed again in the next call. With `isEnd` the text is the last one: the rest is a row, or throws a Fault.
   */
  take(text: string, from: number, isEnd: boolean, batch: Batch): number;
}

/** Runs a scanner over a stream of text, and adds line and column to its Faults. */
export async function* scan(texts: AsyncIterable<string>, scanner: Scanner): AsyncGenerator<Batch> {
  const window = new Window(scanner);
  for await (const text of texts) if (window.push(text)) yield* drain(window, false);
  yield* drain(window, true);
}

/** A large row holds its slot only while it is read, not while it arrives: a slow client must not block others. */
async function* drain(window: Window, isEnd: boolean): AsyncGenerator<Batch> {
  await (window.length > LARGE_ROW ? freshTurn() : giveWay());
  const leave = window.length > LARGE_ROW ? await acquireLargeRowSlot() : undefined;
  try {
    for (const batch of window.take(isEnd)) {
      yield batch;
      await giveWay();
    }
  } finally {
    leave?.();
  }
}

const nextLine = (text: string, from: number): number => {
  const at = text.indexOf('\n', from);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
};

class Window {
  readonly #scanner: Scanner;
  #text = '';
  #pending: string[] = [];
  #pendingLength = 0;
  /** line breaks before #text */
  #lines = 0;
  #column = 0;
  /** offset of the first line break that is not counted yet, in the current text */
  #newline = -1;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  /** characters of an incomplete row */
  get length(): number {
    return this.#text.length + this.#pendingLength;
  }

  /**
   * Adds text. Returns whether to call `take`: an incomplete row is only read again when its text has doubled, so a long row that arrives
   * in small pieces takes time in proportion to its length, not to its square.
   */
  push(text: string): boolean {
    this.#pending.push(text);
    this.#pendingLength += text.length;
    return this.#pendingLength >= this.#text.length || this.length > loadLimits.rowBytes.value;
  }

  *take(isEnd: boolean): Generator<Batch> {
    const text = this.#pending.length === 0 ? this.#text : this.#text + this.#pending.join('');
    this.#pending = [];
    this.#pendingLength = 0;
    let done = 0;
    this.#newline = -1;
    for (let more = true; more; ) {
      const batch = newBatch(text);
      const to = this.#scan(text, done, isEnd, batch);
      this.#advance(text, done, to);
      more = isFull(batch, to - done);
      done = to;
      yield batch;
    }
    const rest = text.slice(done);
    this.#text = rest.length < text.length ? copyText(rest) : rest;
    this.#checkRest();
  }

  /** Checks the bytes of an incomplete row. */
  #checkRest(): void {
    const limit = loadLimits.rowBytes;
    if (this.#text.length * 3 <= limit.value) return;
    const bytes = Buffer.byteLength(this.#text);
    if (bytes <= limit.value) return;
    const what = `The row that begins on line ${this.#lines + 1} is too long`;
    throw new LimitFault(0, limit, bytes, what, 'Is a quote or a bracket missing there?').problem('');
  }

  #scan(text: string, from: number, isEnd: boolean, batch: Batch): number {
    try {
      return this.#scanner.take(text, from, isEnd, batch);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#advance(text, from, error.offset);
      throw error.problem(`Line ${this.#lines + 1}, column ${this.#column + 1}: `);
    }
  }

  #advance(text: string, from: number, to: number): void {
    let start = from;
    if (this.#newline < from) this.#newline = nextLine(text, from);
    for (; this.#newline < to; this.#newline = nextLine(text, start)) {
      this.#lines++;
      this.#column = 0;
      start = this.#newline + 1;
    }
    this.#column += to - start;
  }
}
