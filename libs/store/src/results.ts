import { createHash, hash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';

const PREFIX = 'result:';

/** Key of one result: the job, the token of the attempt that made it, its name (schema 1). */
export const resultKey = (jobId: string, token: string, name: string): string => `${PREFIX}${jobId}:${token}:${name}`;

/** Key of a result's digest: the base64 of its SHA-256, stored with it. Results of an earlier version have none. */
export const digestKey = (key: string): string => `${key}:sha256`;

/** LIST: `<bytes> <key without its prefix>` of what was saved and is not in the index yet. Written by the service that saves, emptied by jobs. */
export const SAVED = `${PREFIX}saved`;
/** What the index calls a result. */
export const indexName = (key: string): string => key.slice(PREFIX.length);
export const keyOfIndexed = (name: string): string => `${PREFIX}${name}`;

export const RESULT_TTL_SECONDS = 7 * 24 * 3600;

/** What is known of a stored result without reading it. */
export interface StoredResult {
  bytes: number;
  /** base64 of the SHA-256 of the bytes; undefined for a result that an earlier version stored */
  sha256: string | undefined;
}

/** A result that comes in pieces. Nothing of it can be read before `commit`. */
export interface ResultSink {
  write(piece: Buffer): Promise<void>;
  /** Makes the pieces the result, in place of an earlier one of the same name. */
  commit(): Promise<void>;
  /** Forgets the pieces. */
  abort(): Promise<void>;
}

/**
 * The bytes jobs make. Saved before the job is finished, under the attempt's own token: an attempt that was declared dead and ends
 * still writes to a place that is never read, and what it wrote expires.
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
    const sha256 = hash('sha256', bytes, 'base64');
    // In this order: what is counted and not there does no harm, what is there and not counted would.
    await Promise.all([
      this.#redis.rpush(SAVED, `${bytes.length} ${indexName(key)}`),
      this.#redis.set(key, bytes, 'EX', this.#ttlSeconds),
      this.#redis.set(digestKey(key), sha256, 'EX', this.#ttlSeconds),
    ]);
  }

  /** A result in pieces: they are gathered in the store under a name of their own, so that one piece at a time is in memory. */
  sink(jobId: string, token: string, name: string): ResultSink {
    return new Gathered(this.#redis, resultKey(jobId, token, name), this.#ttlSeconds);
  }

  async read(jobId: string, token: string, name: string): Promise<Buffer | undefined> {
    return (await this.#redis.getBuffer(resultKey(jobId, token, name))) ?? undefined;
  }

  /** The bytes from `from` to `to`, both included; fewer if the result ends or has expired. */
  readPart(jobId: string, token: string, name: string, from: number, to: number): Promise<Buffer> {
    return this.#redis.getrangeBuffer(resultKey(jobId, token, name), from, to);
  }

  /** Undefined if there is no such result. */
  async about(jobId: string, token: string, name: string): Promise<StoredResult | undefined> {
    const key = resultKey(jobId, token, name);
    const [bytes, exists, sha256] = await Promise.all([this.#redis.strlen(key), this.#redis.exists(key), this.#redis.get(digestKey(key))]);
    return exists === 1 ? { bytes, sha256: sha256 ?? undefined } : undefined;
  }

  /** Bytes of a result; undefined if there is none. */
  async size(jobId: string, token: string, name: string): Promise<number | undefined> {
    return (await this.about(jobId, token, name))?.bytes;
  }
}

/** Pieces of an upload that does not continue expire after this. */
const PIECES_TTL_MS = 15 * 60_000;

class Gathered implements ResultSink {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #pieces: string;
  readonly #ttlSeconds: number;
  readonly #digest = createHash('sha256');
  #bytes = 0;

  constructor(redis: Redis, key: string, ttlSeconds: number) {
    this.#redis = redis;
    this.#key = key;
    this.#pieces = `${key}:pieces:${randomBytes(8).toString('hex')}`;
    this.#ttlSeconds = ttlSeconds;
  }

  async write(piece: Buffer): Promise<void> {
    if (this.#bytes === 0) await this.#redis.set(this.#pieces, piece, 'PX', PIECES_TTL_MS);
    else await this.#redis.append(this.#pieces, piece);
    this.#digest.update(piece);
    this.#bytes += piece.length;
  }

  async commit(): Promise<void> {
    // The same order as in save.
    await this.#redis.rpush(SAVED, `${this.#bytes} ${indexName(this.#key)}`);
    await this.#redis.pexpire(this.#pieces, this.#ttlSeconds * 1000);
    await this.#redis.rename(this.#pieces, this.#key);
    await this.#redis.set(digestKey(this.#key), this.#digest.digest('base64'), 'EX', this.#ttlSeconds);
  }

  async abort(): Promise<void> {
    await this.#redis.del(this.#pieces);
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
