import { isTerminal, type Job } from '@almanac/domain';
import type { ChangeFeed } from './change-feed.ts';

/** Messages may be lost, so all jobs that callers wait for are read this often. */
const EVERY_MS = 500;
/** The first read, for what changed before the first message could arrive. */
const FIRST_MS = 25;

type Waiter = (job: Job | undefined) => void;

/** Waits until jobs end. It reads a job when the feed reports a change, and reads nothing if no caller waits. */
export class JobWaiter {
  readonly #read: (ids: readonly string[]) => Promise<(Job | undefined)[]>;
  readonly #changes: ChangeFeed;
  readonly #waiters = new Map<string, Set<Waiter>>();
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(read: (ids: readonly string[]) => Promise<(Job | undefined)[]>, changes: ChangeFeed) {
    this.#read = read;
    this.#changes = changes;
  }

  /** Returns the job once it has ended; undefined if it did not end within `ms`, or if `signal` was aborted. */
  ended(id: string, ms: number, signal?: AbortSignal): Promise<Job | undefined> {
    return new Promise((resolve) => {
      const settle = (job: Job | undefined) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        this.#remove(id, settle);
        resolve(job);
      };
      const giveUp = () => settle(undefined);
      const timer = setTimeout(giveUp, ms);
      if (signal?.aborted) return giveUp();
      signal?.addEventListener('abort', giveUp);
      this.#add(id, settle);
    });
  }

  #add(id: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(id) ?? new Set();
    this.#waiters.set(id, waiters.add(waiter));
    this.#unsubscribe ??= this.#changes.subscribe((ids) => void this.#check(ids.filter((one) => this.#waiters.has(one))));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#checkAll(), FIRST_MS);
  }

  #remove(id: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(id);
    if (this.#waiters.size > 0) return;
    clearTimeout(this.#timer);
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #checkAll(): void {
    if (this.#waiters.size === 0) return;
    this.#timer = setTimeout(() => this.#checkAll(), EVERY_MS);
    void this.#check([...this.#waiters.keys()]);
  }

  async #check(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    // If the store is unavailable, the next check reads again: the job may end before the callers' time is up.
    const jobs = await this.#read(ids).catch(() => []);
    for (const job of jobs) {
      if (job === undefined || !isTerminal(job.status)) continue;
      for (const waiter of this.#waiters.get(job.id) ?? []) waiter(job);
    }
  }
}
