import { isDatasetId } from '@almanac/domain';
import { type DatasetReader, Kept, type Manifest, readManifest } from '@almanac/store';
import type { Redis } from 'ioredis';

/** What is made of a manifest, and the bytes it takes in memory. */
export interface Made<T> {
  value: T;
  bytes: number;
}

/**
 * Something made of the current manifest of each data set, kept within the budget of all reads and made again when the version changes.
 * Each read reads the version from the store, so it is never older than the request.
 */
export class VersionCache<T> {
  readonly #redis: Redis;
  readonly #reader: DatasetReader;
  readonly #make: (manifest: Manifest) => Promise<Made<T>> | Made<T>;
  readonly #kept = new Map<string, Kept>();

  constructor(redis: Redis, reader: DatasetReader, make: (manifest: Manifest) => Promise<Made<T>> | Made<T>) {
    this.#redis = redis;
    this.#reader = reader;
    this.#make = make;
  }

  /** Undefined if there is no such data set. */
  async get(id: string): Promise<T | undefined> {
    if (!isDatasetId(id)) return undefined;
    const version = await this.#reader.versionOf(id);
    const known = this.#kept.get(id)?.value as { version: string; value: T } | undefined;
    if (known?.version === version) return known.value;
    this.#forget(id);
    const manifest = version === '' ? undefined : await readManifest(this.#redis, id);
    if (manifest === undefined) return undefined;
    const { value, bytes } = await this.#make(manifest);
    this.#keep(id, { version: `${manifest.seq} ${manifest.digest}`, value }, bytes);
    return value;
  }

  #keep(id: string, value: object, bytes: number): void {
    this.#forget(id);
    const kept: Kept = new Kept(value, () => {
      if (this.#kept.get(id) === kept) this.#kept.delete(id);
    });
    this.#kept.set(id, kept);
    this.#reader.memory.add(kept, bytes);
    this.#reader.keepsMore();
  }

  #forget(id: string): void {
    const kept = this.#kept.get(id);
    if (kept !== undefined) this.#reader.memory.drop(kept);
  }
}
