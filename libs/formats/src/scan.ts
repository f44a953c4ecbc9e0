import { LARGE_ROW, largeRowPlace } from './large-rows.ts';
import { Fault, malformed } from './malformed.ts';
import type { Batch } from './row.ts';

/** Characters one row may have. The whole row is in memory at once, so this bounds the memory of a load. */
export const ROW_LIMIT = 16 << 20;

/** Turns text into rows, as far as whole rows are there. */
export interface Scanner {
  /**
   * Takes whole rows off the front of `text` into `batch`; returns how many characters are done with.
   * The rest comes again at the front of the next call. With `isEnd` nothing more comes: whatever is left is a row or a Fault.
   */
  take(text: string, isEnd: boolean, batch: Batch): number;
}

/** Drives a scanner over a stream of text and says where in the source a Fault lies. */
export async function* scan(texts: AsyncIterable<string>, scanner: Scanner): AsyncGenerator<Batch> {
  const window = new Window(scanner);
  let leave: (() => void) | undefined;
  try {
    for await (const text of texts) {
      if (window.length > LARGE_ROW) leave ??= await largeRowPlace();
      const batch = window.push(text);
      if (batch !== undefined) yield batch;
      if (window.length <= LARGE_ROW) leave = void leave?.();
    }
    yield window.take(true);
  } finally {
    leave?.();
  }
}

class Window {
  readonly #scanner: Scanner;
  #text = '';
  #pending: string[] = [];
  #pendingLength = 0;
  /** line breaks before #text */
  #lines = 0;
  #column = 0;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  /** characters that wait for the end of their row */
  get length(): number {
    return this.#text.length + this.#pendingLength;
  }

  /**
   * Text that does not complete a row is only looked at again when there is twice as much of it:
   * a long row that comes in small pieces costs time in proportion to its length, not to its square.
   */
  push(text: string): Batch | undefined {
    this.#pending.push(text);
    this.#pendingLength += text.length;
    const isEnough = this.#pendingLength >= this.#text.length || this.#text.length + this.#pendingLength > ROW_LIMIT;
    return isEnough ? this.take(false) : undefined;
  }

  take(isEnd: boolean): Batch {
    const text = this.#pending.length === 0 ? this.#text : this.#text + this.#pending.join('');
    this.#pending = [];
    this.#pendingLength = 0;
    const batch: Batch = { rows: [], rejects: [] };
    const done = this.#scan(text, isEnd, batch);
    this.#advance(text, done);
    this.#text = text.slice(done);
    if (this.#text.length > ROW_LIMIT) {
      throw malformed(
        `The row that begins on line ${this.#lines + 1} is longer than ${ROW_LIMIT.toLocaleString('en')} characters. ` +
          'Is a quote or a bracket missing there?',
      );
    }
    return batch;
  }

  #scan(text: string, isEnd: boolean, batch: Batch): number {
    try {
      return this.#scanner.take(text, isEnd, batch);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#advance(text, error.offset);
      throw malformed(`Line ${this.#lines + 1}, column ${this.#column + 1}: ${error.message}`);
    }
  }

  #advance(text: string, to: number): void {
    let from = 0;
    for (let i = text.indexOf('\n'); i !== -1 && i < to; i = text.indexOf('\n', i + 1)) {
      this.#lines++;
      this.#column = 0;
      from = i + 1;
    }
    this.#column += to - from;
  }
}
