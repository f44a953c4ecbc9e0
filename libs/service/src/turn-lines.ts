import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

const STDOUT = 1;
/** The most bytes that are buffered for a slow reader; further lines are dropped. */
const MAX_BUFFERED_BYTES = 1 << 20;
const AGAIN_MS = 50;
/** Attempts when the process exits, because no later one is possible. */
const LAST_TRIES = 20;

/**
 * Writes the lines of one turn of the event loop together: under load one system call serves several requests, and an idle service still
 * writes at once. Lines of the last turn are written when the process exits. Lines that cannot be written (the reader is gone, the disk is
 * full) are dropped: a service keeps running without its log.
 */
export class TurnLines implements DestinationStream {
  #text = '';
  /** bytes that a full pipe did not accept */
  #rest = Buffer.alloc(0);
  #isPlanned = false;

  constructor() {
    process.on('exit', () => this.#flushAtEnd());
  }

  write(line: string): void {
    if (this.#rest.length + this.#text.length > MAX_BUFFERED_BYTES) return;
    this.#text += line;
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isPlanned = false;
    this.#rest = unwritten(Buffer.concat([this.#rest, Buffer.from(this.#text)]));
    this.#text = '';
    if (this.#rest.length === 0) return;
    this.#isPlanned = true;
    setTimeout(() => this.#flush(), AGAIN_MS).unref();
  }

  #flushAtEnd(): void {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    this.#flush();
    for (let i = 0; i < LAST_TRIES && this.#rest.length > 0; i++) {
      Atomics.wait(pause, 0, 0, AGAIN_MS);
      this.#flush();
    }
  }
}

/** Writes bytes and returns those to write later; none if they can never be written. */
function unwritten(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(STDOUT, rest));
    return rest;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? rest : Buffer.alloc(0);
  }
}
