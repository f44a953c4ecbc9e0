import { ProblemError } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import type { Redis } from 'ioredis';

const FRESH_MS = 250;
/** Above this part of maxmemory nothing more is accepted: what was accepted still needs room to be worked. */
const FULLEST = 0.95;

export interface Limits {
  /** jobs that may wait */
  depth: number;
}

/**
 * Refuses jobs before anything of them is accepted: when too many wait already, or when the store has no room. What was accepted is never
 * dropped. How things stand is asked at most four times a second.
 */
export class Admission {
  readonly #jobs: Pick<JobQueue, 'depth'>;
  readonly #redis: Redis;
  readonly #limits: Limits;
  #askedAt = Number.NEGATIVE_INFINITY;
  #state: Promise<ProblemError | undefined> = Promise.resolve(undefined);

  constructor(jobs: Pick<JobQueue, 'depth'>, redis: Redis, limits: Limits) {
    this.#jobs = jobs;
    this.#redis = redis;
    this.#limits = limits;
  }

  /** Throws ProblemError 503 with Retry-After where no job can be taken now. */
  async check(): Promise<void> {
    if (performance.now() - this.#askedAt > FRESH_MS) {
      this.#askedAt = performance.now();
      this.#state = this.#refusal();
    }
    const refusal = await this.#state;
    if (refusal !== undefined) throw refusal;
  }

  async #refusal(): Promise<ProblemError | undefined> {
    const [depth, memory] = await Promise.all([this.#jobs.depth(), this.#redis.info('memory')]);
    if (depth >= this.#limits.depth) {
      const detail = `${depth} jobs wait already, and ${this.#limits.depth} may; try again later.`;
      return new ProblemError('unavailable', detail, { headers: { 'retry-after': '5' } });
    }
    const number = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(memory)?.[1] ?? 0);
    const [used, most] = [number('used_memory'), number('maxmemory')];
    if (most === 0 || used < most * FULLEST) return undefined;
    const detail = `The store is full (${megabytes(used)} of ${megabytes(most)} MB); it takes jobs again when some are done.`;
    return new ProblemError('store-full', detail, { headers: { 'retry-after': '10' } });
  }
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
