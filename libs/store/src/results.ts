import type { Redis } from 'ioredis';

const PREFIX = 'result:';

/** Key of one result: the job, the token of the attempt that made it, its name (schema 1). */
export const resultKey = (jobId: string, token: string, name: string): string => `${PREFIX}${jobId}:${token}:${name}`;

/** LIST: `<bytes> <key without its prefix>` of what was saved and is not in the index yet. Written by who saves, emptied by jobs. */
export const SAVED = `${PREFIX}saved`;
/** What the index calls a result. */
export const indexName = (key: string): string => key.slice(PREFIX.length);
export const keyOfIndexed = (name: string): string => `${PREFIX}${name}`;

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
    const key = resultKey(jobId, token, name);
    // In this order: what is counted and not there does no harm, what is there and not counted would.
    await Promise.all([this.#redis.rpush(SAVED, `${bytes.length} ${indexName(key)}`), this.#redis.set(key, bytes, 'EX', this.#ttlSeconds)]);
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
