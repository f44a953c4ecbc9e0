import { isTerminal, type Job } from '@almanac/domain';

const EVERY_MS = 25;

type Waiter = (job: Job | undefined) => void;

/** Looks after all jobs somebody waits for with one read for all of them, every 25 ms, and not at all when nobody waits. */
export class Watch {
  readonly #read: (ids: readonly string[]) => Promise<(Job | undefined)[]>;
  readonly #waiters = new Map<string, Set<Waiter>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(read: (ids: readonly string[]) => Promise<(Job | undefined)[]>) {
    this.#read = read;
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
    this.#timer ??= setTimeout(() => void this.#look(), EVERY_MS);
  }

  #remove(id: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiters.delete(id);
  }

  async #look(): Promise<void> {
    // A store that is away is asked again: the job may well end while those who wait have time left.
    const jobs = await this.#read([...this.#waiters.keys()]).catch(() => []);
    for (const job of jobs) {
      if (job === undefined || !isTerminal(job.status)) continue;
      for (const waiter of this.#waiters.get(job.id) ?? []) waiter(job);
    }
    this.#timer = this.#waiters.size === 0 ? undefined : setTimeout(() => void this.#look(), EVERY_MS);
  }
}
