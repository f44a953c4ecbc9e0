/** A seed for a run for which none was chosen. Print it, so that the run can be repeated. */
export const anySeed = (): number => Math.floor(Math.random() * 2 ** 31);

/** Pseudo-random numbers that a seed repeats (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to, but not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** An integer from `least` to `most`; small values are as likely as large ones on a logarithmic scale. */
  size(least: number, most: number): number {
    return Math.round(least * (most / least) ** this.next());
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T;
  }

  /** A generator of its own, so that what one part draws does not change what another part draws. */
  fork(): Random {
    return new Random(this.integer(0, 2 ** 32 - 1));
  }
}
