import { limitExceeded, loadLimits } from '@almanac/domain';

/** Measures the rate of a body over windows of time in which its reader waits for it. */
export class Pace {
  readonly #windowMs: number;
  #waitedMs = 0;
  #bytes = 0;

  constructor(windowSeconds: number) {
    this.#windowMs = windowSeconds * 1000;
  }

  /** Counts bytes that arrived after a wait, measured by a monotonic clock. Throws 408 if a window brought too few. */
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
    detail: `The body arrived too slowly, measured per second over ${seconds} s`,
    advice: 'Nothing was changed. Retry.',
  });
