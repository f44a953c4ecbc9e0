import { setImmediate as otherWork } from 'node:timers/promises';

const SLICE_MS = 10;

/** The share of the event loop that a long piece of work may take at a time: `if (timeSlice.isSpent()) await timeSlice.yield();` between its steps. */
export class TimeSlice {
  #since = performance.now();

  isSpent(): boolean {
    return performance.now() - this.#since > SLICE_MS;
  }

  /** Lets other requests run, and begins the next slice. */
  async yield(): Promise<void> {
    await otherWork();
    this.#since = performance.now();
  }
}
