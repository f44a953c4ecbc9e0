import { parseTime } from '@almanac/domain';
import { Fault } from '../malformed.ts';

/** Producers may round STOP_TIME: it may lie so many steps after the last state. */
const STEPS = 3;

/**
 * The time that the states of a segment cover. Nothing marks the end of an OEM in keyword = value notation: whether it was cut off
 * between two lines is only seen by the STOP_TIME it promises. Covariances count to that too, so with those nothing is known.
 */
export class Span {
  /** STOP_TIME as written; undefined: nothing is promised */
  stop: string | undefined;
  /** lines that came as states, also those that are none */
  states = 0;
  #last: number | undefined;
  #lastText = '';
  /** the longest time between two states, in ms */
  #step = 0;

  /** A state has come; one whose EPOCH cannot be read counts for nothing. */
  add(epoch: string): void {
    this.states++;
    const ms = parseTime(epoch);
    if (ms === undefined) return;
    if (this.#last !== undefined) this.#step = Math.max(this.#step, ms - this.#last);
    this.#last = ms;
    this.#lastText = epoch;
  }

  /** The segment ends at this offset. Throws a Fault where that is well before its time. */
  check(at: number): void {
    const stop = this.stop === undefined ? undefined : parseTime(this.stop);
    if (stop === undefined || this.#last === undefined || stop - this.#last <= STEPS * this.#step) return;
    throw new Fault(at, `the data end early: the last state is of ${this.#lastText}, but STOP_TIME is ${this.stop}. Was the file cut off?`);
  }
}
