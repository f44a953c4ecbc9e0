import type { Redis } from 'ioredis';

/** Key of one result: the job, the token of the attempt that made it, its name (schema 1). */
export const resultKey = (jobId: string, token: string, name: string): string => `result:${jobId}:${token}:${name}`;

export const RESULT_TTL_SECONDS = 7 * 24 * 3600;

/**
 * The bytes jobs make. Saved before the job is finished, under the attempt's own token: an attempt that was declared dead and ends
 * all the same writes where nobody looks, and what it wrote expires.
 */
export class ResultStore {
  readonly #redis: Redis;
  readonly #ttlSeconds: number;

  constructor(redis: Redis, { ttlSeconds = RESULT_TTL_SECONDS }: { ttlSeconds?: number } = {}) {
    this.#redis = redis;
    this.#ttlSeconds = ttlSeconds;
  }

  async save(jobId: string, token: string, name: string, bytes: Buffer): Promise<void> {
    await this.#redis.set(resultKey(jobId, token, name), bytes, 'EX', this.#ttlSeconds);
  }

  async read(jobId: string, token: string, name: string): Promise<Buffer | undefined> {
    return (await this.#redis.getBuffer(resultKey(jobId, token, name))) ?? undefined;
  }

  /** Bytes of a result; undefined where there is none. */
  async size(jobId: string, token: string, name: string): Promise<number | undefined> {
    const key = resultKey(jobId, token, name);
    const [bytes, exists] = await Promise.all([this.#redis.strlen(key), this.#redis.exists(key)]);
    return exists === 1 ? bytes : undefined;
  }
}

/** Key of the picture of a data set that the course's `/image` keeps (schema 1). */
export const imageKey = (datasetId: string): string => `image:${datasetId}`;

/** One picture for each data set, until it is replaced or deleted: a job's results expire, this does not. Written by jobs alone. */
export class ImageStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async save(datasetId: string, png: Buffer): Promise<void> {
    await this.#redis.set(imageKey(datasetId), png);
  }

  async read(datasetId: string): Promise<Buffer | undefined> {
    return (await this.#redis.getBuffer(imageKey(datasetId))) ?? undefined;
  }

  /** Whether there was one. */
  async remove(datasetId: string): Promise<boolean> {
    return (await this.#redis.del(imageKey(datasetId))) === 1;
  }
}
