/** Where a command's words go. In the background of `up --detach` they travel to the waiting foreground. */
export interface Output {
  /** one finished line */
  line(text?: string): void;
  /** what is going on now: replaces itself on a terminal, and is said now and then elsewhere */
  progress(text: string): void;
}

const isTerminal = process.stdout.isTTY === true;
const hasColour = isTerminal && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';

/** Wraps text in an ANSI colour where the output is a terminal that wants it. */
export const paint = (code: number, text: string): string => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = (text: string) => paint(1, text);
export const dim = (text: string) => paint(2, text);

/** Between two lines of progress where they do not replace each other. */
const QUIET_MS = 2_000;

/** Speaks on a stream. */
export class StreamOutput implements Output {
  #stream: NodeJS.WritableStream;
  #isTerminal: boolean;
  #shown = '';
  #saidAt = Number.NEGATIVE_INFINITY;

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
      // In a file or a pipe a line every few seconds says as much as one for each step.
      if (performance.now() - this.#saidAt < QUIET_MS) return;
      this.#saidAt = performance.now();
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

/** Seconds since a moment of performance.now(), for people: `2.4 s`. */
export const secondsSince = (start: number): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;

/** `3 h 12 min`, `45 s` */
export function duration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}
