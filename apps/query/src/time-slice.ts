import { setImmediate as otherWork } from 'node:timers/promises';

/** Longest stretch of work before other requests get their turn. */
const TURN_MS = 10;

/** The turn of a long work among others: `if (turn.isOver()) await turn.pass();` between its steps. */
export class Turn {
  #since = performance.now();

  isOver(): boolean {
    return performance.now() - this.#since > TURN_MS;
  }

  async pass(): Promise<void> {
    await otherWork();
    this.#since = performance.now();
  }
}
