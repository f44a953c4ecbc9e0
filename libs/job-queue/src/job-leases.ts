import type { Job } from '@almanac/domain';
import { Leases, RETRY, retryDelayMs } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';
import { jobOf } from './job-of.ts';
import type { Failure, Outcome } from './outcome.ts';

export interface LeasedJob {
  job: Job;
  /** fencing token: each request about the job must carry it */
  token: string;
}

/** Jobs leased to programs that use the jobs service over HTTP. They are taken, renewed and ended by a token. */
export class JobLeases {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Takes the next job of a queue. Returns undefined if no job waits. */
  async take(queue: string, leaseMs: number): Promise<LeasedJob | undefined> {
    const record = await this.#of(queue).take(leaseMs);
    return record === undefined ? undefined : { job: jobOf(record), token: record.token };
  }

  /** Takes one job by its id. Returns 'taken' if it no longer waits, undefined if there is no such job. */
  async claim(queue: string, id: string, leaseMs: number): Promise<LeasedJob | 'taken' | undefined> {
    const record = await this.#of(queue).claim(id, leaseMs);
    if (record === undefined) return undefined;
    return typeof record === 'string' ? 'taken' : { job: jobOf(record), token: record.token };
  }

  /** Records progress and renews the lease. */
  progress(queue: string, id: string, token: string, percent: number, stage: string): Promise<'ok' | 'cancelled' | 'stale'> {
    return this.#of(queue).progress(id, token, percent, stage);
  }

  isHeld(queue: string, id: string, token: string): Promise<boolean> {
    return this.#of(queue).isHeld(id, token);
  }

  /** Ends the job. Returns false if the token no longer holds it; then its results are discarded. */
  complete(queue: string, id: string, token: string, outcome: Outcome): Promise<boolean> {
    return this.#of(queue).end(id, token, { state: 'complete', note: JSON.stringify(outcome) });
  }

  /** `attempt`: the number of the failed attempt, if the job is to be retried while attempts are left. */
  fail(queue: string, id: string, token: string, failure: Failure, attempt?: number): Promise<boolean> {
    const delayMs = attempt === undefined ? undefined : retryDelayMs(attempt, RETRY);
    if (delayMs === undefined) return this.#of(queue).end(id, token, { state: 'failed', note: JSON.stringify(failure) });
    return this.#of(queue).end(id, token, { state: 'retry', note: failure.problem.detail, delayMs });
  }

  /** Ends a job that was cancelled. */
  giveUp(queue: string, id: string, token: string): Promise<boolean> {
    return this.#of(queue).end(id, token, { state: 'cancelled', note: '' });
  }

  #of = (queue: string): Leases => new Leases(this.#redis, queue);
}
