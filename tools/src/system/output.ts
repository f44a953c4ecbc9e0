/** Receives the output of a command. In the background of `up --detach` it is sent to the waiting foreground. */
export interface Output {
  /** prints a line */
  line(text?: string): void;
  /** prints the current progress: on a terminal it replaces the line before; elsewhere it is printed at most every two seconds */
  progress(text: string): void;
}

const isTerminal = process.stdout.isTTY === true;
const hasColour = isTerminal && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';

/** Wraps text in an ANSI colour if the output is a terminal that supports it. */
export const paint = (code: number, text: string): string => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = (text: string) => paint(1, text);
export const dim = (text: string) => paint(2, text);

/** The least time between two lines of progress if the output is no terminal. */
const QUIET_MS = 2_000;

/** Writes to a stream. */
export class StreamOutput implements Output {
  #stream: NodeJS.WritableStream;
  #isTerminal: boolean;
  #shown = '';
  #printedAt = Number.NEGATIVE_INFINITY;

  constructor(stream: NodeJS.WritableStream = process.stdout, terminal = isTerminal) {
    this.#stream = stream;
    this.#isTerminal = terminal;
  }

  line(text = ''): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
  }

  progress(text: string): void {
    if (text === this.#shown) return;
    if (!this.#isTerminal) {
      if (performance.now() - this.#printedAt < QUIET_MS) return;
      this.#printedAt = performance.now();
      this.#stream.write(`${text}\n`);
    } else {
      const columns = process.stdout.columns || 80;
      this.#stream.write(`\r\u001b[K${text.slice(0, columns - 1)}`);
    }
    this.#shown = text;
  }

  #clear(): void {
    if (this.#shown !== '' && this.#isTerminal) this.#stream.write('\r\u001b[K');
    this.#shown = '';
  }
}

/** Formats the seconds since `start` (of performance.now()): `2.4 s`. */
export const secondsSince = (start: number): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** Formats a duration: `3 h 12 min`, `45 s`. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}
