import { type Job, ProblemError } from '@almanac/domain';
import { type HeldJob, type JobEnd, LOST_AFTER_MS, Observer, type QueueLogger, type RetryPolicy, Worker } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';
import { jobOf } from './job-of.ts';
import { failureOf, Interrupted, type Outcome } from './outcome.ts';
import { outcomeNote } from './outcome-note.ts';
import { postpone } from './postpone.ts';
import { isUnavailable, retryWhileUnavailable, WAITS_MS } from './retry-while-unavailable.ts';

/** What a handler may use beside the job itself. */
export interface JobContext {
  /** names this attempt: results are saved under it */
  token: string;
  /** aborted when the job is not this worker's any more, or the worker stops */
  signal: AbortSignal;
  /** Notes how far the job is. False when it is not this worker's any more; a store that is away is no reason to stop working. */
  progress(percent: number, stage: string): Promise<boolean>;
}

export interface JobWorkerOptions {
  redis: Redis;
  /** a connection of the worker's own: it is blocked most of the time */
  blocking: Redis;
  /** e.g. 'plot' for hotqueue:plot */
  queue: string;
  /**
   * Does the job and saves its results. A thrown ProblemError is the failed job's problem, with three exceptions: one of status 502, 503
   * or 507, or a store that is away or full, is tried again twice within two seconds, and then the job gives its place back; a
   * GivePlaceBack does so at once; an Interrupted counts as a crash of the worker.
   */
  handle(job: Job, context: JobContext): Promise<Outcome>;
  logger: QueueLogger;
  /** jobs at a time, default 1 */
  concurrency?: number;
  /** silence after which a worker is dead, default 10,000; the same for everyone on the queue */
  lostAfterMs?: number;
  /** how long a complete job answers for its hash, default six days: less than its results live */
  reuseForMs?: number;
  /** how long one blocking take waits, default 2 */
  blockSeconds?: number;
  /** milliseconds between tries within one attempt, while what a job needs is away; default 1.5 s together */
  waits?: readonly number[];
  /** milliseconds that a job may wait for what is away, over all its waits; default ten minutes */
  waitWithinMs?: number;
  /** between attempts: default 5 of them, 1 s doubled up to a minute apart */
  retry?: Partial<RetryPolicy>;
}

/** Takes jobs, works them, and looks after the other workers of its queue. */
export class JobWorker {
  readonly #worker: Worker;
  readonly #observer: Observer;
  readonly #options: JobWorkerOptions;

  constructor(options: JobWorkerOptions) {
    const { redis, queue, logger, lostAfterMs = LOST_AFTER_MS, handle: _, waits: _waits, waitWithinMs: _within, ...rest } = options;
    this.#options = options;
    // The names tell the queue, so that the users of Redis can tell whose a result is (helm/almanac/files/users.acl).
    this.#worker = new Worker({ ...rest, namePrefix: `${queue}-`, redis, queue, logger, lostAfterMs, handle: (held) => this.#work(held) });
    this.#observer = new Observer({ redis, queue, logger, lostAfterMs });
  }

  start(): this {
    this.#worker.start();
    this.#observer.start();
    return this;
  }

  /** Takes no more, lets jobs at hand end for up to `graceMs` (default 25,000), gives back the rest. */
  async stop(graceMs?: number): Promise<void> {
    this.#observer.stop();
    await this.#worker.stop(graceMs);
  }

  async #work(held: HeldJob): Promise<JobEnd> {
    const { handle, waits = WAITS_MS } = this.#options;
    const { token, signal } = held;
    const began = performance.now();
    let reached = 0;
    const progress = (percent: number, stage: string) => {
      reached = Math.max(reached, Math.floor(percent));
      return held.progress(percent, stage).catch(() => true);
    };
    try {
      const job = jobOf(held.record);
      const outcome = await retryWhileUnavailable(() => handle(job, { token, signal, progress }), { signal, waits });
      return { state: 'complete', note: outcomeNote(outcome) };
    } catch (error) {
      const end = this.#endOf(held, error, reached, performance.now() - began);
      if (!signal.aborted) this.#log(held, error, end);
      return end;
    }
  }

  /** What is wrong with the job itself will be wrong again; what is away may be back. */
  #endOf(held: HeldJob, error: unknown, progress: number, attemptMs: number): JobEnd {
    if (isUnavailable(error)) return postpone(held, error, { attemptMs, progress, withinMs: this.#options.waitWithinMs });
    const failure = failureOf(error, progress);
    const note = JSON.stringify(failure);
    return error instanceof Interrupted ? { state: 'interrupted', note, reason: failure.problem.detail } : { state: 'failed', note };
  }

  #log({ id, payload }: HeldJob, error: unknown, { state }: JobEnd): void {
    const { requestId } = JSON.parse(payload) as { requestId?: string };
    const isExpected = error instanceof ProblemError || state !== 'failed';
    const text = state === 'failed' ? 'job failed' : state === 'waiting' ? 'job gives its place back' : 'job was interrupted';
    this.#options.logger[isExpected ? 'info' : 'error']({ job: id, requestId, err: error }, text);
  }
}

export interface ObserverOptions {
  redis: Redis;
  queue: string;
  logger: QueueLogger;
  lostAfterMs?: number;
}

/** Gives back what dead workers of a queue held, for as long as it runs. */
export const startObserver = (options: ObserverOptions): Observer => new Observer(options).start();
