import type { QueueRecord } from '../../src/record.ts';
import { faultsOf, isEnded, type Reading } from './reading.ts';

/**
 * Looks at a queue again and again while it is being worked: whether it is in order at each of these instants, whether an ended job stays
 * as it ended (I1), whether progress goes back (I12). Keeps the records of ended jobs, so that they can be forgotten by the queue.
 */
export class Watch {
  readonly ended = new Map<string, QueueRecord>();
  readonly violations: string[] = [];
  looks = 0;
  #told = new Set<string>();
  readonly #progress = new Map<string, number>();

  see(reading: Reading): void {
    this.looks++;
    // What is wrong stays so for many looks, and is told once.
    for (const fault of faultsOf(reading)) if (!this.#told.has(fault)) this.violations.push(fault);
    this.#told = new Set(this.violations);
    for (const record of reading.records.values()) {
      if (record === undefined) continue;
      const before = this.ended.get(record.id);
      if (before !== undefined && (before.state !== record.state || before.token !== record.token || before.note !== record.note)) {
        this.violations.push(`${record.id}: I1 was ${before.state} (${before.token}) and is ${record.state} (${record.token})`);
      }
      if (isEnded(record)) this.ended.set(record.id, record);
      else if (record.state === 'active') this.#seeProgress(record);
    }
  }

  #seeProgress({ id, token, note }: QueueRecord): void {
    const percent = Number(/^\d+/.exec(note)?.[0] ?? 0);
    if (percent < (this.#progress.get(token + id) ?? 0)) this.violations.push(`${id}: I12 progress went back to ${note}`);
    if (percent > 0) this.#progress.set(token + id, percent);
  }

  /** A store that forgot its last writes may tell another story from now on. */
  forget(): void {
    this.ended.clear();
    this.#progress.clear();
  }
}
