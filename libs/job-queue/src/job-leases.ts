import type { Job } from '@almanac/domain';
import { Leases, RETRY, retryDelayMs } from '@almanac/hotqueue';
import type { Redis } from 'ioredis';
import { jobOf } from './job-of.ts';
import type { Failure, Outcome } from './outcome.ts';

export interface LeasedJob {
  job: Job;
  /** fencing token: every word about the job carries it */
  token: string;
}

/** Jobs in the hands of programs that speak to the jobs service by HTTP: taken, kept alive and ended by a token. */
export class JobLeases {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** The next job of a queue, undefined when none waits. */
  async take(queue: string, leaseMs: number): Promise<LeasedJob | undefined> {
    const record = await this.#of(queue).take(leaseMs);
    return record === undefined ? undefined : { job: jobOf(record), token: record.token };
  }

  /** One job by its id; 'taken' where it does not wait any more, undefined where there is none. */
  async claim(queue: string, id: string, leaseMs: number): Promise<LeasedJob | 'taken' | undefined> {
    const record = await this.#of(queue).claim(id, leaseMs);
    if (record === undefined) return undefined;
    return typeof record === 'string' ? 'taken' : { job: jobOf(record), token: record.token };
  }

  /** A sign of life. */
  progress(queue: string, id: string, token: string, percent: number, stage: string): Promise<'ok' | 'cancelled' | 'stale'> {
    return this.#of(queue).progress(id, token, percent, stage);
  }

  isHeld(queue: string, id: string, token: string): Promise<boolean> {
    return this.#of(queue).isHeld(id, token);
  }

  /** False where the job is not this holder's any more; then what it made counts for nothing. */
  complete(queue: string, id: string, token: string, outcome: Outcome): Promise<boolean> {
    return this.#of(queue).end(id, token, { state: 'complete', note: JSON.stringify(outcome) });
  }

  /** `attempt`: which one failed, where the job is to be tried again as long as there are attempts left. */
  fail(queue: string, id: string, token: string, failure: Failure, attempt?: number): Promise<boolean> {
    const delayMs = attempt === undefined ? undefined : retryDelayMs(attempt, RETRY);
    if (delayMs === undefined) return this.#of(queue).end(id, token, { state: 'failed', note: JSON.stringify(failure) });
    return this.#of(queue).end(id, token, { state: 'retry', note: failure.problem.detail, delayMs });
  }

  /** Somebody cancelled it, and its holder let go. */
  giveUp(queue: string, id: string, token: string): Promise<boolean> {
    return this.#of(queue).end(id, token, { state: 'cancelled', note: '' });
  }

  #of = (queue: string): Leases => new Leases(this.#redis, queue);
}
