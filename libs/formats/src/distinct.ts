import { hash } from 'node:crypto';
import { DISTINCT_LIMIT } from '@almanac/domain';

/** Memory of all columns together for telling different values apart: entries left. */
export interface Budget {
  entries: number;
}

/** Values are shown by at most this many characters. */
const SHOWN = 200;
/** Longer values are told apart by their hash. */
const COMPARED = 64;
const EXAMPLES = 3;

/** A copy for keeps: a slice would hold on to the whole piece of the source it was cut from. */
export const own = (text: string): string => Buffer.from(text.slice(0, SHOWN), 'utf16le').toString('utf16le');

/** Counts different values until there are DISTINCT_LIMIT, then forgets them; keeps the first few as examples. */
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
    seen.add(own(compared));
    if (this.examples.length < EXAMPLES) this.examples.push(own(text));
    this.#budget.entries--;
    this.#count++;
    if (this.#count < DISTINCT_LIMIT && this.#budget.entries > 0) return;
    this.#budget.entries += seen.size;
    this.#seen = undefined;
  }
}
