import { type Job, ProblemError } from '@almanac/domain';
import { type HeldJob, type JobEnd, LOST_AFTER_MS, Observer, type QueueLogger, type RetryPolicy, Worker } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';
import { jobOf } from './job-of.ts';
import { failureOf, Interrupted, type Outcome } from './outcome.ts';
import { outcomeNote } from './outcome-note.ts';
import { postpone } from './postpone.ts';
import { isUnavailable, retryWhileUnavailable, WAITS_MS } from './retry-while-unavailable.ts';

/** What a handler gets besides the job. */
export interface JobContext {
  /** identifies this attempt: results are saved under it */
  token: string;
  /** aborted if this worker no longer holds the job, or if it stops */
  signal: AbortSignal;
  /** Records progress. Returns false if this worker no longer holds the job, but true if the store is unavailable. */
  progress(percent: number, stage: string): Promise<boolean>;
}

export interface JobWorkerOptions {
  redis: Redis;
  /** a connection that only this worker uses: it is blocked most of the time */
  blocking: Redis;
  /** e.g. 'plot' for hotqueue:plot */
  queue: string;
  /**
   * Runs the job and saves its results. If it throws a ProblemError, the job fails with it, with three exceptions. If the status is 502, 503
   * or 507, or the store is unavailable or full, it is retried for 1.5 s, and then the job is postponed. A GivePlaceBack postpones the job at
   * once. An Interrupted counts as a crash of the worker.
   */
  handle(job: Job, context: JobContext): Promise<Outcome>;
  logger: QueueLogger;
  /** jobs at a time, default 1 */
  concurrency?: number;
  /** a worker is dead after this time without a heartbeat, default 10,000; the same for all workers of the queue */
  lostAfterMs?: number;
  /** how long the outcome of a complete job is reused for its hash, default six days: less than its results are kept */
  reuseForMs?: number;
  /** the timeout of one blocking call, default 2 */
  blockSeconds?: number;
  /** milliseconds between tries within one attempt, while what a job needs is unavailable; default 1.5 s in total */
  waits?: readonly number[];
  /** milliseconds that a job may wait for something unavailable, in total; default ten minutes */
  waitWithinMs?: number;
  /** default: 5 attempts; the delay between them doubles from 1 s to one minute */
  retry?: Partial<RetryPolicy>;
}

/** Takes jobs and runs them, and observes the other workers of its queue. */
export class JobWorker {
  readonly #worker: Worker;
  readonly #observer: Observer;
  readonly #options: JobWorkerOptions;

  constructor(options: JobWorkerOptions) {
    const { redis, queue, logger, lostAfterMs = LOST_AFTER_MS, handle: _, waits: _waits, waitWithinMs: _within, ...rest } = options;
    this.#options = options;
    // The worker ids begin with the queue's name: the ACL of Redis users depends on it (helm/almanac/files/users.acl).
    this.#worker = new Worker({ ...rest, namePrefix: `${queue}-`, redis, queue, logger, lostAfterMs, handle: (held) => this.#work(held) });
    this.#observer = new Observer({ redis, queue, logger, lostAfterMs });
  }

  start(): this {
    this.#worker.start();
    this.#observer.start();
    return this;
  }

  /** Takes no more jobs, lets running jobs end for at most `graceMs` (default 25,000), and returns the rest to the queue. */
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

  /** An error of the job itself would occur again; something unavailable may be available later. */
  #endOf(held: HeldJob, error: unknown, progress: number, attemptMs: number): JobEnd {
    if (isUnavailable(error)) return postpone(held, error, { attemptMs, progress, withinMs: this.#options.waitWithinMs });
    const failure = failureOf(error, progress);
    const note = JSON.stringify(failure);
    return error instanceof Interrupted ? { state: 'interrupted', note, reason: failure.problem.detail } : { state: 'failed', note };
  }

  #log({ id, payload }: HeldJob, error: unknown, { state }: JobEnd): void {
    const { requestId } = JSON.parse(payload) as { requestId?: string };
    const isExpected = error instanceof ProblemError || state !== 'failed';
    const text = state === 'failed' ? 'job failed' : state === 'waiting' ? 'job postponed' : 'job interrupted';
    this.#options.logger[isExpected ? 'info' : 'error']({ job: id, requestId, err: error }, text);
  }
}

export interface ObserverOptions {
  redis: Redis;
  queue: string;
  logger: QueueLogger;
  lostAfterMs?: number;
}

/** Returns the jobs of dead workers to the queue, until it is stopped. */
export const startObserver = (options: ObserverOptions): Observer => new Observer(options).start();
