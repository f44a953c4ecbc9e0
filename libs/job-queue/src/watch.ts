import { isTerminal, type Job } from '@almanac/domain';
import type { Changes } from './changes.ts';

/** Messages may be lost, so the jobs that are waited for are read this often. */
const EVERY_MS = 500;
/** and once soon: what happened before the first hint could be heard */
const FIRST_MS = 25;

type Waiter = (job: Job | undefined) => void;

/** Looks after all jobs somebody waits for, when one of them is said to have changed, and not at all when nobody waits. */
export class Watch {
  readonly #read: (ids: readonly string[]) => Promise<(Job | undefined)[]>;
  readonly #changes: Changes;
  readonly #waiters = new Map<string, Set<Waiter>>();
  #timer: NodeJS.Timeout | undefined;
  #mute: (() => void) | undefined;

  constructor(read: (ids: readonly string[]) => Promise<(Job | undefined)[]>, changes: Changes) {
    this.#read = read;
    this.#changes = changes;
  }

  /** The job when it has ended; undefined when it did not within `ms` or `signal` was aborted. */
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
    this.#mute ??= this.#changes.listen((ids) => void this.#look(ids.filter((one) => this.#waiters.has(one))));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lookAtAll(), FIRST_MS);
  }

  #remove(id: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(id);
    if (this.#waiters.size > 0) return;
    clearTimeout(this.#timer);
    this.#mute?.();
    this.#mute = undefined;
  }

  #lookAtAll(): void {
    if (this.#waiters.size === 0) return;
    this.#timer = setTimeout(() => this.#lookAtAll(), EVERY_MS);
    void this.#look([...this.#waiters.keys()]);
  }

  async #look(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    // A store that is away is asked again: the job may well end while those who wait have time left.
    const jobs = await this.#read(ids).catch(() => []);
    for (const job of jobs) {
      if (job === undefined || !isTerminal(job.status)) continue;
      for (const waiter of this.#waiters.get(job.id) ?? []) waiter(job);
    }
  }
}
