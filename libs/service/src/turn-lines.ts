import { type DestinationStream, destination } from 'pino';

/**
 * Writes the lines of one turn of the event loop together: under load the system is called once for several requests, and an idle service
 * still writes at once. What is logged in the turn in which the process ends is written as it ends.
 */
export class TurnLines implements DestinationStream {
  readonly #file = destination({ fd: 1, sync: true, minLength: 8192 });
  #isPlanned = false;

  constructor() {
    process.on('exit', () => this.#flush());
  }

  write(line: string): void {
    this.#file.write(line);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isPlanned = false;
    this.#file.flushSync();
  }
}
