import { parseTime } from '@almanac/domain';
import { Fault } from '../malformed.ts';

/** Producers may round STOP_TIME: it may be up to this many steps after the last state. */
const STEPS = 3;

/**
 * The time that the states of a segment cover. An OEM in keyword = value notation has no end mark: only its STOP_TIME shows whether it
 * was cut off between two lines. STOP_TIME also covers covariances, so with those nothing can be checked.
 */
export class Span {
  /** STOP_TIME as written, if it can be checked */
  stop: string | undefined;
  /** lines in the place of states, valid or not */
  states = 0;
  #last: number | undefined;
  #lastText = '';
  /** the longest time between two states, in ms */
  #step = 0;

  /** Adds a state. One without a valid EPOCH does not change the span. */
  add(epoch: string): void {
    this.states++;
    const ms = parseTime(epoch);
    if (ms === undefined) return;
    if (this.#last !== undefined) this.#step = Math.max(this.#step, ms - this.#last);
    this.#last = ms;
    this.#lastText = epoch;
  }

  /** Checks the end of the segment, at offset `at`. Throws a Fault if it is well before STOP_TIME. */
  check(at: number): void {
    const stop = this.stop === undefined ? undefined : parseTime(this.stop);
    if (stop === undefined || this.#last === undefined || stop - this.#last <= STEPS * this.#step) return;
    throw new Fault(
      at,
      `the data ends early: the last state is at ${this.#lastText}, but STOP_TIME is ${this.stop}. Was the file cut off?`,
    );
  }
}
