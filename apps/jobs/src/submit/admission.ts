import { ProblemError } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import type { Redis } from 'ioredis';

const FRESH_MS = 250;
/** Part of maxmemory above which jobs are refused. The rest is for the jobs that were accepted. */
const FULLEST = 0.95;

export interface Limits {
  /** maximum number of waiting jobs */
  depth: number;
}

/**
 * Refuses jobs if the queue is full or the store has no room. Accepted jobs are never dropped. The state of both is read at most four
 * times a second.
 */
export class Admission {
  readonly #jobs: Pick<JobQueue, 'depth'>;
  readonly #redis: Redis;
  readonly #limits: Limits;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #state: Promise<ProblemError | undefined> = Promise.resolve(undefined);

  constructor(jobs: Pick<JobQueue, 'depth'>, redis: Redis, limits: Limits) {
    this.#jobs = jobs;
    this.#redis = redis;
    this.#limits = limits;
  }

  /** Throws ProblemError 503 or 507 with Retry-After if no job can be accepted now. */
  async check(): Promise<void> {
    if (performance.now() - this.#checkedAt > FRESH_MS) {
      this.#checkedAt = performance.now();
      this.#state = this.#refusal();
    }
    const refusal = await this.#state;
    if (refusal !== undefined) throw refusal;
  }

  async #refusal(): Promise<ProblemError | undefined> {
    const [depth, memory] = await Promise.all([this.#jobs.depth(), this.#redis.info('memory')]);
    if (depth >= this.#limits.depth) {
      const detail = `The queue is full: ${count(depth)} jobs wait, the limit is ${count(this.#limits.depth)}. Retry later.`;
      return new ProblemError('unavailable', detail, { headers: { 'retry-after': '5' } });
    }
    const number = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(memory)?.[1] ?? 0);
    const [used, most] = [number('used_memory'), number('maxmemory')];
    if (most === 0 || used < most * FULLEST) return undefined;
    const detail = `The store is full (${megabytes(used)} of ${megabytes(most)} MB). Retry when some jobs have ended.`;
    return new ProblemError('store-full', detail, { headers: { 'retry-after': '10' } });
  }
}

const count = (value: number): string => value.toLocaleString('en');
const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
