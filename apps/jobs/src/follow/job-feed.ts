import type { Job } from '@almanac/domain';
import { type JobQueue, listedJob } from '@almanac/job-queue';

/** Many changes in a moment are read together. */
const GATHER_MS = 20;
/** Jobs read in one step. */
const STEP = 20;

/** Every change of a job, read once for all who follow all jobs, in the form of lists. */
export class JobFeed {
  readonly #jobs: Pick<JobQueue, 'getAll' | 'listen'>;
  readonly #hearers = new Set<(job: Job) => void>();
  #changed = new Set<string>();
  #mute: (() => void) | undefined;
  #reading: NodeJS.Timeout | Promise<void> | undefined;

  constructor(jobs: Pick<JobQueue, 'getAll' | 'listen'>) {
    this.#jobs = jobs;
  }

  /** Calls `hear` with every job that changes, until the function it returns is called. */
  follow(hear: (job: Job) => void): () => void {
    this.#hearers.add(hear);
    this.#mute ??= this.#jobs.listen((ids) => this.#note(ids));
    return () => {
      this.#hearers.delete(hear);
      if (this.#hearers.size > 0) return;
      this.#mute?.();
      this.#mute = undefined;
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
    for (let at = 0; at < ids.length && this.#hearers.size > 0; at += STEP) {
      // A store that is away is heard of again at the next change.
      const jobs = await this.#jobs.getAll(ids.slice(at, at + STEP)).catch(() => []);
      for (const job of jobs) if (job !== undefined) this.#tell(listedJob(job));
    }
  }

  #tell(job: Job): void {
    for (const hear of this.#hearers) hear(job);
  }
}
