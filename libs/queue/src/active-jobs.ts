import { ActiveJob } from './active-job.ts';
import type { EndArgs } from './attempt.ts';
import type { QueueRecord } from './record.ts';
import { JobCancelled } from './worker-options.ts';

/** A job that ended here, whose end the store has not confirmed. */
export interface EndedJob {
  job: ActiveJob;
  args: EndArgs;
}

interface ActiveJobsOptions {
  /** how many jobs may run at a time */
  slots: number;
  run(job: ActiveJob): Promise<EndArgs>;
  setProgress(job: ActiveJob, percent: number, stage: string): Promise<boolean>;
  onEnd(): void;
}

/** The jobs of one worker, each from its start until the store has confirmed its end. */
export class ActiveJobs {
  /** slots that no job uses, and for which no call in flight has requested a job */
  freeSlots: number;
  readonly #options: ActiveJobsOptions;
  readonly #jobs = new Map<string, ActiveJob>();
  #ended: EndedJob[] = [];

  constructor(options: ActiveJobsOptions) {
    this.#options = options;
    this.freeSlots = options.slots;
  }

  get size(): number {
    return this.#jobs.size;
  }

  get ids(): string[] {
    return [...this.#jobs.keys()];
  }

  get hasEnded(): boolean {
    return this.#ended.length > 0;
  }

  /** Runs the attempt that this record begins, unless it runs already. */
  start(record: QueueRecord): void {
    const { id, token } = record;
    if (this.#jobs.get(id)?.token === token) return;
    const job = new ActiveJob(record, this.#options.setProgress);
    this.#jobs.set(id, job);
    this.freeSlots--;
    void this.#options.run(job).then((args) => {
      this.freeSlots++;
      if (this.#jobs.get(id) === job) this.#ended.push({ job, args });
      this.#options.onEnd();
    });
  }

  /** Takes the jobs that ended, to send their ends to the store. */
  takeEnded(): EndedJob[] {
    return this.#ended.splice(0);
  }

  /** Puts ends back that the store may not have got. */
  putBack(batch: readonly EndedJob[]): void {
    this.#ended = [...batch, ...this.#ended];
  }

  /** Forgets jobs whose end the store confirmed. */
  confirm(batch: readonly EndedJob[]): void {
    for (const { job } of batch) if (this.#jobs.get(job.id) === job) this.#jobs.delete(job.id);
  }

  cancel(id: string): void {
    this.#jobs.get(id)?.abort(new JobCancelled());
  }

  /** Aborts and forgets all jobs. Their handlers may still run; what they return is discarded. */
  abandon(reason: string): void {
    for (const job of this.#jobs.values()) job.abort(new Error(reason));
    this.#jobs.clear();
    this.#ended = [];
  }
}
