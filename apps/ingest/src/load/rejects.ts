import { limitExceeded, loadLimits, ProblemError, type Reject } from '@almanac/domain';
import type { StagedGeneration } from '@almanac/store';

/** Rejects in a report, and in the error for too many of them. */
const SHOWN = 20;
const SHOWN_IN_ERROR = 3;

/** If this many rows are rejected before the first one is accepted, the load ends. */
const WAITING_LIMIT = 1000;

/** The rejected rows of one load. They wait here until there is a version to store them with. */
export class Rejects {
  /** the first ones */
  readonly shown: Reject[] = [];
  #count = 0;
  #bytes = 0;
  #waiting: Reject[] = [];

  /** Throws 400 if there are too many. */
  add(reject: Reject): void {
    this.#count++;
    if (this.shown.length < SHOWN) this.shown.push(reject);
    this.#checkCount();
    this.#bytes += reject.raw.length;
    const stored = this.#bytes > loadLimits.rejectsBytes.value ? { ...reject, raw: '' } : reject;
    if (this.#waiting.push(stored) > WAITING_LIMIT) throw this.noRecords();
  }

  async store(staged: StagedGeneration): Promise<void> {
    if (this.#waiting.length === 0) return;
    for (const reject of this.#waiting) await staged.reject(reject);
    this.#waiting = [];
  }

  /** The problem of a body without a valid row. */
  noRecords(): ProblemError {
    const [first] = this.shown;
    const reason =
      first === undefined
        ? 'The body has no records.'
        : `None of the ${this.#count.toLocaleString('en')} rows that were read is a valid record: row ${first.row} ${first.reason}.`;
    return new ProblemError('empty-data', `${reason} Nothing was changed.`);
  }

  #checkCount(): void {
    const limit = loadLimits.rejects;
    if (this.#count <= limit.value) return;
    const first = this.shown.slice(0, SHOWN_IN_ERROR).map(({ row, reason }) => `row ${row} ${reason}`);
    const detail = `Too many rows are invalid (the first: ${first.join('; ')})`;
    throw limitExceeded('malformed-data', limit, this.#count, { detail, advice: 'Nothing was changed.' });
  }
}
