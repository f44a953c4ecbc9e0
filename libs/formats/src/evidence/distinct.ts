import { hash } from 'node:crypto';
import { DISTINCT_LIMIT } from '@almanac/domain';
import { copyText } from '../copy-text.ts';

/** Limits of distinct values in memory: of all loads of this process, and of one load. */
const ALL_ENTRIES = 300_000;
const ENTRIES = 150_000;

let left = ALL_ENTRIES;

/** The entries that all columns of one load may use to count distinct values. If none is left, counting ends early. */
export class Budget {
  #taken = 0;

  /** Returns whether there is room for one more value. */
  take(): boolean {
    if (left <= 0 || this.#taken >= ENTRIES) return false;
    left--;
    this.#taken++;
    return true;
  }

  give(entries: number): void {
    left += entries;
    this.#taken -= entries;
  }

  release(): void {
    this.give(this.#taken);
  }
}

/** Characters of a value that are shown. */
const SHOWN = 200;
/** Longer values are compared by their hash. */
const COMPARED = 28;
const EXAMPLES = 3;

/** The beginning of a text, as a copy. */
export const shownText = (text: string): string => copyText(text.slice(0, SHOWN));

/** Counts distinct values up to DISTINCT_LIMIT, then forgets them; keeps the first few as examples. */
export class DistinctValues {
  readonly examples: string[] = [];
  readonly #budget: Budget;
  #seen: Set<string> | undefined = new Set();
  #count = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get count(): number {
    return this.#count;
  }

  get isCounting(): boolean {
    return this.#seen !== undefined;
  }

  see(text: string): void {
    const seen = this.#seen;
    if (seen === undefined) return;
    const compared = text.length <= COMPARED ? text : hash('sha1', text, 'base64');
    if (seen.has(compared)) return;
    if (this.examples.length < EXAMPLES) this.examples.push(shownText(text));
    this.#count++;
    if (this.#count < DISTINCT_LIMIT && this.#budget.take()) {
      seen.add(copyText(compared));
      return;
    }
    this.#budget.give(seen.size);
    this.#seen = undefined;
  }
}
