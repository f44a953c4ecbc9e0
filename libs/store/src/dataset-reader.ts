import { type ProblemError, parseVersion, storeUnavailable, unknownDataset } from '@almanac/domain';
import type { Redis } from 'ioredis';
import { withinDeadline } from './deadline.ts';
import { fetchCopy } from './fetch-copy.ts';
import { dataKeys } from './keys.ts';
import { KnownIds } from './known-ids.ts';
import { type ManifestField, manifestOf, readManifest } from './manifest.ts';
import { versionGone } from './problems.ts';
import { copyBytes, type ReadCopy } from './read-copy.ts';
import { ReadMemory } from './read-memory.ts';
import { Sweep } from './sweep.ts';
import { VersionBatch } from './version-batch.ts';

/** A refresh that takes longer leaves its readers with 503 rather than waiting. */
const REFRESH_MS = 5_000;
/** Older versions kept for jobs that were accepted on them. */
const OLD_COPIES = 4;

export interface ReaderOptions {
  /** budget for everything that reads keep: compressed copies, decoded rows, and what is computed from them */
  cacheBytes: number;
}

/**
 * Read copies of data sets, never older than the request: each get() compares its copy with the version that is in the store
 * after the call began, and fetches only if they differ. Any number of readers may run beside each other.
 */
export class DatasetReader {
  readonly memory: ReadMemory;
  readonly #redis: Redis;
  readonly #versions: VersionBatch;
  readonly #ids: KnownIds;
  readonly #copies = new Map<string, ReadCopy>();
  readonly #old = new Map<string, ReadCopy>();
  readonly #refreshes = new Map<string, Promise<ReadCopy | undefined>>();
  readonly #sweep: Sweep;

  constructor(redis: Redis, { cacheBytes }: ReaderOptions) {
    this.#redis = redis;
    this.memory = new ReadMemory(cacheBytes);
    this.#versions = new VersionBatch(redis);
    this.#ids = new KnownIds(redis);
    this.#sweep = new Sweep(this.memory, () => this.#dropOutdated());
  }

  /**
   * The current version, or the one named (`17-3fa9...`, `17`, `latest`).
   * Throws unknown-dataset, gone (410, the version cannot be read any more) and store-unavailable problems.
   */
  async get(id: string, version = 'latest'): Promise<ReadCopy> {
    const current = await this.find(id);
    if (current === undefined) throw await this.unknown(id);
    const wanted = parseVersion(version);
    if (wanted === undefined || isVersion(current, wanted)) return current;
    return this.#older(current, version, wanted);
  }

  /** The current version; undefined if there is no such data set. */
  async find(id: string): Promise<ReadCopy | undefined> {
    const inStore = await this.#versions.read(id);
    const copy = this.#copies.get(id);
    if (copy !== undefined && versionIn(copy) === inStore) {
      copy.use();
      return copy;
    }
    const found = inStore === '' ? undefined : await this.#refreshed(id, Number.parseInt(inStore, 10));
    if (found === undefined) this.#drop(id);
    return found;
  }

  /** `<seq> <digest>` of the current version, as it is in the store after this call began; empty if there is no such data set. */
  versionOf(id: string): Promise<string> {
    return this.#versions.read(id);
  }

  /** Starts the sweep that frees memory; called after something other than a copy was added to the budget. */
  keepsMore(): void {
    this.#sweep.start();
  }

  /** The problem of a data set that does not exist, with the nearest id that does. */
  async unknown(id: string): Promise<ProblemError> {
    return unknownDataset(id, await this.#ids.some());
  }

  #drop(id: string): void {
    for (const copy of [this.#copies.get(id), ...this.#old.values()]) if (copy?.id === id) this.memory.drop(copy);
  }

  /** Compares every copy with the store: of a data set that was deleted or replaced, nothing stays in memory. */
  async #dropOutdated(): Promise<void> {
    await Promise.all(
      [...this.#copies].map(async ([id, copy]) => {
        const inStore = await this.#versions.read(id);
        if (inStore === '') this.#drop(id);
        else if (inStore !== versionIn(copy)) this.memory.drop(copy);
      }),
    );
  }

  /** One refresh at a time per set. Who joined one that began before its question, and got an older version, goes round again. */
  async #refreshed(id: string, atLeast: number): Promise<ReadCopy | undefined> {
    const until = Date.now() + REFRESH_MS;
    while (Date.now() < until) {
      let refresh = this.#refreshes.get(id);
      if (refresh === undefined) {
        refresh = withinDeadline(this.#refresh(id, until), REFRESH_MS, `reading data set ${id}`).finally(() => this.#refreshes.delete(id));
        this.#refreshes.set(id, refresh);
      }
      const copy = await refresh;
      if (copy === undefined || copy.manifest.seq >= atLeast) return copy;
      // The store's number went back (it lost its last second in a crash): its present value counts.
      if ((await readManifest(this.#redis, id))?.seq === copy.manifest.seq) return copy;
    }
    throw storeUnavailable(new Error(`data set ${id} changes faster than it can be read`));
  }

  async #refresh(id: string, until: number): Promise<ReadCopy | undefined> {
    while (Date.now() < until) {
      const manifest = await readManifest(this.#redis, id);
      if (manifest === undefined) return undefined;
      const copy = await fetchCopy(this.#redis, manifest, this.memory);
      if (copy === undefined) continue; // replaced, and its chunks dropped, while they were read
      const replaced = this.#copies.get(id);
      if (replaced !== undefined) this.memory.drop(replaced);
      this.#keep(this.#copies, id, copy);
      return copy;
    }
    throw storeUnavailable(new Error(`data set ${id} could not be read within ${REFRESH_MS} ms`));
  }

  /** Puts a copy into the cache; the budget takes it out again. */
  #keep(copies: Map<string, ReadCopy>, name: string, copy: ReadCopy): void {
    copies.set(name, copy);
    copy.onClose(() => {
      if (copies.get(name) === copy) copies.delete(name);
    });
    this.memory.add(copy, copyBytes(copy.manifest));
    this.#sweep.start();
  }

  #keepOld(copy: ReadCopy): void {
    const known = this.#old.get(oldName(copy));
    if (known !== undefined) this.memory.drop(known);
    this.#keep(this.#old, oldName(copy), copy);
    for (const oldest of [...this.#old.values()]) if (this.#old.size > OLD_COPIES) this.memory.drop(oldest);
  }

  /** A version that was replaced: from memory, or from its generation while the store still keeps it. */
  async #older(current: ReadCopy, version: string, wanted: { seq: number; digest16: string | undefined }): Promise<ReadCopy> {
    for (const copy of this.#old.values()) {
      if (copy.id !== current.id || !isVersion(copy, wanted)) continue;
      copy.use();
      return copy;
    }
    const copy = wanted.seq < current.manifest.seq ? await this.#fetchReplaced(current.id, wanted.seq) : undefined;
    if (copy === undefined || !isVersion(copy, wanted)) throw versionGone(current.id, version, [current.version]);
    this.#keepOld(copy);
    return copy;
  }

  async #fetchReplaced(id: string, seq: number): Promise<ReadCopy | undefined> {
    const [entry] = await this.#redis.xrange(dataKeys(id).log, `${seq + 1}-0`, `${seq + 1}-0`);
    if (entry === undefined) return undefined;
    const fields = pairs(entry[1]);
    const before = Object.fromEntries([...fields].filter(([name]) => name.startsWith('p:')).map(([name, value]) => [name.slice(2), value]));
    const manifest = manifestOf(id, { ...(before as Partial<Record<ManifestField, string>>), layout: '1', gen: fields.get('pg') });
    return manifest === undefined || manifest.gen === '' ? undefined : fetchCopy(this.#redis, manifest, this.memory);
  }
}

const versionIn = ({ manifest }: ReadCopy): string => `${manifest.seq} ${manifest.digest}`;

const oldName = (copy: ReadCopy): string => `${copy.id} ${copy.version}`;

const isVersion = ({ manifest }: ReadCopy, { seq, digest16 }: { seq: number; digest16: string | undefined }): boolean =>
  manifest.seq === seq && (digest16 === undefined || manifest.digest.startsWith(digest16));

function pairs(flat: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (let i = 0; i < flat.length; i += 2) map.set(flat[i] as string, flat[i + 1] as string);
  return map;
}
