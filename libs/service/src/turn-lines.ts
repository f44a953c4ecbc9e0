import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

const STDOUT = 1;
/** What waits for a reader that takes nothing now; more is dropped. */
const MOST_KEPT_BYTES = 1 << 20;
const AGAIN_MS = 50;
/** How often it is tried as the process ends, when there is no later. */
const LAST_TRIES = 20;

/**
 * Writes the lines of one turn of the event loop together: under load the system is called once for several requests, and an idle service
 * still writes at once. What is logged in the turn in which the process ends is written as it ends. Lines that nobody can take (the reader
 * is gone, the disk is full) are dropped: a service goes on without its log.
 */
export class TurnLines implements DestinationStream {
  #text = '';
  /** what a full pipe did not take */
  #rest = Buffer.alloc(0);
  #isPlanned = false;

  constructor() {
    process.on('exit', () => this.#flushAtEnd());
  }

  write(line: string): void {
    if (this.#rest.length + this.#text.length > MOST_KEPT_BYTES) return;
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

/** Writes, and answers what may be written later; nothing, where it never can be. */
function unwritten(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  let rest = bytes;
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(STDOUT, rest));
    return rest;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? rest : Buffer.alloc(0);
  }
}
