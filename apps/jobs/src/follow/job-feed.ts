import type { Job } from '@almanac/domain';
import { type JobQueue, listedJob } from '@almanac/job-queue';

/** Changes within this time are read together. */
const GATHER_MS = 20;
/** Jobs read in one step. */
const STEP = 20;

/** Reads every changed job once for all streams of all jobs, in the form that lists have. */
export class JobFeed {
  readonly #jobs: Pick<JobQueue, 'getAll' | 'listen'>;
  readonly #listeners = new Set<(job: Job) => void>();
  #changed = new Set<string>();
  #stop: (() => void) | undefined;
  #reading: NodeJS.Timeout | Promise<void> | undefined;

  constructor(jobs: Pick<JobQueue, 'getAll' | 'listen'>) {
    this.#jobs = jobs;
  }

  /** Calls `listener` with every job that changes, until the returned function is called. */
  follow(listener: (job: Job) => void): () => void {
    this.#listeners.add(listener);
    this.#stop ??= this.#jobs.listen((ids) => this.#note(ids));
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
      this.#changed.clear();
    };
  }

  #note(ids: readonly string[]): void {
    for (const id of ids) this.#changed.add(id);
    this.#plan();
  }

  #plan(): void {
    this.#reading ??= setTimeout(() => {
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined;
        if (this.#changed.size > 0) this.#plan();
      });
    }, GATHER_MS);
  }

  async #read(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed = new Set();
    for (let at = 0; at < ids.length && this.#listeners.size > 0; at += STEP) {
      // If the store is unavailable, the next change reads the job.
      const jobs = await this.#jobs.getAll(ids.slice(at, at + STEP)).catch(() => []);
      for (const job of jobs) if (job !== undefined) this.#notify(listedJob(job));
    }
  }

  #notify(job: Job): void {
    for (const listener of this.#listeners) listener(job);
  }
}
