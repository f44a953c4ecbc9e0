import { limitExceeded, loadLimits } from '@almanac/domain';

/** Measures how fast a body comes, over windows of so many seconds in which its reader waits for it. */
export class Pace {
  readonly #windowMs: number;
  #waitedMs = 0;
  #bytes = 0;

  constructor(windowSeconds: number) {
    this.#windowMs = windowSeconds * 1000;
  }

  /** Counts bytes that came after so long a wait, by a clock that never jumps. Throws 408 if a whole window brought too few. */
  count(bytes: number, waitedMs: number): void {
    this.#bytes += bytes;
    this.#waitedMs += waitedMs;
    if (this.#waitedMs < this.#windowMs) return;
    const rate = Math.floor((this.#bytes * 1000) / this.#waitedMs);
    if (rate < loadLimits.bodyRate.value) throw tooSlow(rate, this.#windowMs / 1000);
    this.#waitedMs = 0;
    this.#bytes = 0;
  }
}

const tooSlow = (rate: number, seconds: number) =>
  limitExceeded('request-timeout', loadLimits.bodyRate, rate, {
    detail: `In ${seconds} s the body brought too few bytes per second`,
    advice: 'Nothing was changed; send it again.',
  });
