import { hash as digestOf, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Evidence, formatVersion, limitExceeded, loadLimits, type Reject, type Schema, textOf, tokenOf } from '@almanac/domain';
import type { ChainableCommander, Redis } from 'ioredis';
import { Admission } from './admission.ts';
import { decodeChunk, encodeChunk, MAX_CHUNK, SLOTS } from './codec.ts';
import { leafOf, nodesOf, rootOf } from './digest.ts';
import { KeyTable } from './key-table.ts';
import { dataKeys, generationKeys } from './keys.ts';
import { storeFull } from './problems.ts';
import { encodeRejects, REJECTS_PER_BLOCK } from './rejects.ts';
import { swapIn } from './swap-in.ts';

/** Staged keys live this long without being refreshed: what a dead writer leaves behind vanishes by itself. */
const STAGING_MS = 60_000;
/** Held in memory before the first write, to judge from it whether the whole will fit. */
const HELD_BEFORE_ADMISSION = 1 << 20;
const HELD = 1 << 18;
const IN_FLIGHT = 3;
const BUCKETS_PER_WRITE = 128;

export interface StagingOptions {
  /** the column whose values name the records */
  key?: string | undefined;
  /** bytes of the source, where known beforehand: decides whether the load will fit before anything is written */
  sourceBytes?: number | undefined;
}

export interface CommitOptions {
  schema: Schema;
  evidence: Record<string, Evidence>;
  title?: string | undefined;
  op?: 'replace';
  /** the version that must be current, else a precondition-failed problem */
  ifVersion?: string | undefined;
  /** commit only if there never was a data set of this id, else a conflict problem: one that was deleted stays deleted */
  onlyFirst?: boolean | undefined;
}

export interface Committed {
  seq: number;
  digest: string;
  version: string;
  rows: number;
  rejected: number;
  /** bytes of the rows, and of their chunks as stored */
  raw: number;
  stored: number;
  /** whether there was no such data set before */
  created: boolean;
}

/**
 * One staged replacement of a data set's rows. Nothing is visible before commit(), which swaps all of it in at once;
 * until then its keys expire by themselves, so a writer that dies leaves nothing for ever. Use once: commit() or discard().
 */
export class StagedGeneration {
  readonly id: string;
  readonly gen = randomBytes(6).toString('hex');
  readonly #redis: Redis;
  readonly #options: StagingOptions;
  readonly #beat: NodeJS.Timeout;
  #keys: KeyTable | undefined;
  #slots: string[] = [];
  #size = 0;
  #chunks = 0;
  #rows = 0;
  #raw = 0;
  #stored = 0;
  #leaves: Buffer[] = [];
  #held = new Map<number, Buffer>();
  #heldBytes = 0;
  #rejects: Reject[] = [];
  #rejected = 0;
  readonly #admission = new Admission();
  #isAdmitted = false;
  #sourceSeen = 0;
  /** keys of earlier rows that were looked up, by ordinal: a row is unpacked once, however often its key is repeated */
  readonly #lookedUp = new Map<number, string | undefined>();
  /** the chunk that was unpacked last: a source that repeats a part of itself repeats its keys in order */
  #unpacked: { chunk: number; rows: readonly (string | null)[] } | undefined;
  /** rows whose keys differ though their hashes are equal */
  #collisions = 0;
  #inFlight = new Set<Promise<void>>();
  #failure: unknown;
  #isHandedOver = false;

  constructor(redis: Redis, id: string, options: StagingOptions = {}) {
    this.#redis = redis;
    this.id = id;
    this.#options = options;
    if (options.key !== undefined) this.#keys = new KeyTable(randomBytes(4).readUInt32LE(0));
    this.#beat = setInterval(
      () =>
        void this.#touch(redis.pipeline())
          .exec()
          .catch(() => {}),
      STAGING_MS / 4,
    ).unref();
  }

  get rows(): number {
    return this.#rows;
  }

  get rejected(): number {
    return this.#rejected;
  }

  /** Tells how much of the source has been read, for the judgement whether the rest will fit. */
  seen(sourceBytes: number): void {
    this.#sourceSeen = sourceBytes;
  }

  /** The key column proved unfit: from now on, and for the rows before, records are named by their number. */
  abandonKey(): void {
    this.#keys?.release();
    this.#keys = undefined;
  }

  /**
   * Adds one row, a minified JSON object. False: its key is taken already and the row was not added.
   * Returns a promise only if the caller has to wait: for the store to keep up, or to compare a key with an earlier row's.
   */
  add(row: string, key?: string): boolean | Promise<boolean> {
    if (this.#failure !== undefined) throw this.#failure;
    // A row that fills a chunk has one of its own: to look up its neighbours does not unpack it.
    if (row.length >= MAX_CHUNK && this.#slots.length > 0) this.#closeChunk();
    if (this.#keys === undefined || key === undefined) return this.#take(row);
    const hash = this.#keys.hashOf(key);
    if (!this.#keys.has(hash)) {
      this.#keys.add(hash, this.#ordinal);
      return this.#take(row);
    }
    return this.#addUnlessTaken(row, key, hash);
  }

  get #ordinal(): number {
    return this.#chunks * SLOTS + this.#slots.length;
  }

  /** Equal hashes are rare and settle nothing: the earlier rows themselves are read. */
  async #addUnlessTaken(row: string, key: string, hash: number): Promise<boolean> {
    const keys = this.#keys as KeyTable;
    const wanted = comparable(key);
    for (const ordinal of keys.ordinalsOf(hash)) {
      if (!this.#lookedUp.has(ordinal)) await this.#lookUp(ordinal);
      if (this.#lookedUp.get(ordinal) === wanted) return false;
    }
    this.#checkCollisions(++this.#collisions);
    keys.add(hash, this.#ordinal);
    return this.#take(row);
  }

  /** Keys can be made to have equal hashes; then each would be compared with all others, here and by readers. */
  #checkCollisions(value: number): void {
    const limit = loadLimits.keyCollisions;
    // Chance explains rows² / 2³³ pairs.
    if (value <= limit.value + this.#rows ** 2 / 2 ** 32) return;
    const detail = `Too many different keys in column '${this.#options.key}' have equal hashes, which does not happen by chance`;
    throw limitExceeded('malformed-data', limit, value, {
      detail,
      advice: 'Choose another key column with ?key=COLUMN, or none with ?key=.',
    });
  }

  async #lookUp(ordinal: number): Promise<void> {
    const token = tokenOf(await this.#rowAt(ordinal), this.#options.key as string);
    this.#lookedUp.set(ordinal, token === undefined ? undefined : comparable(textOf(token)));
  }

  async #rowAt(ordinal: number): Promise<string> {
    const chunk = Math.floor(ordinal / SLOTS);
    if (chunk === this.#chunks) return this.#slots[ordinal % SLOTS] as string;
    if (this.#unpacked?.chunk === chunk) return this.#unpacked.rows[ordinal % SLOTS] as string;
    if (!this.#held.has(chunk)) await this.#settled();
    const blob = this.#held.get(chunk) ?? (await this.#redis.hgetBuffer(dataKeys(this.id, this.gen).chunks, String(chunk)));
    if (blob === null) throw new Error(`staged chunk ${chunk} of ${this.id} is gone`);
    this.#unpacked = { chunk, rows: decodeChunk(blob) };
    return this.#unpacked.rows[ordinal % SLOTS] as string;
  }

  /** Copies the rows that wait for their chunk: as slices of the source they keep more of it in memory than they are. */
  compact(): void {
    this.#slots = this.#slots.map((row) => Buffer.from(row).toString());
  }

  #take(row: string): true | Promise<true> {
    this.#slots.push(row);
    this.#size += row.length;
    this.#rows++;
    if (this.#slots.length < SLOTS && this.#size < MAX_CHUNK) return true;
    this.#closeChunk();
    return this.#isDue ? this.#send().then(() => true) : true;
  }

  #closeChunk(): void {
    const { blob, head, raw } = encodeChunk(this.#slots);
    this.#leaves.push(leafOf(head, raw));
    this.#held.set(this.#chunks++, blob);
    this.#heldBytes += blob.length;
    this.#raw += raw.length;
    this.#stored += blob.length;
    this.#slots = [];
    this.#size = 0;
  }

  get #isDue(): boolean {
    return this.#heldBytes >= (this.#isAdmitted ? HELD : HELD_BEFORE_ADMISSION) || this.#rejects.length >= REJECTS_PER_BLOCK;
  }

  /** Keeps a row apart, with its number and the reason. */
  reject(reject: Reject): void | Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#rejects.push(reject);
    this.#rejected++;
    if (this.#isDue) return this.#send();
  }

  /** Writes what is held; waits only where three writes are on their way already. */
  async #send({ isLast = false } = {}): Promise<void> {
    if (this.#admission.isDue) await this.#admit(isLast);
    const { chunks, rejects } = dataKeys(this.id, this.gen);
    const pipeline = this.#redis.pipeline();
    if (this.#held.size > 0) pipeline.hset(chunks, ...[...this.#held].flat());
    // Only the last block may be short: readers find a reject by dividing its place.
    while (this.#rejects.length >= (isLast ? 1 : REJECTS_PER_BLOCK)) {
      const block = encodeRejects(this.#rejects.splice(0, REJECTS_PER_BLOCK));
      this.#admission.wrote(block.length);
      pipeline.rpush(rejects, block);
    }
    this.#admission.wrote(this.#heldBytes);
    this.#held = new Map();
    this.#heldBytes = 0;
    this.#launch(this.#touch(pipeline));
    if (this.#inFlight.size >= IN_FLIGHT) await Promise.race(this.#inFlight);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Estimates whether the load will fit: before its first write, and again while it runs, because other loads write too. */
  async #admit(isLast: boolean): Promise<void> {
    if (!this.#isAdmitted) await dropRetained(this.#redis, this.id);
    this.#isAdmitted = true;
    const { fits, needed, free } = await this.#admission.judge(this.#redis, {
      stored: this.#stored,
      rows: this.#keys === undefined ? 0 : this.#rows,
      sourceSeen: this.#sourceSeen === 0 ? this.#raw : this.#sourceSeen,
      sourceBytes: this.#options.sourceBytes,
      isLast,
    });
    if (!fits) throw storeFull(this.id, needed, free);
  }

  #launch(pipeline: ChainableCommander): void {
    const write = run(pipeline)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#inFlight.delete(write));
    this.#inFlight.add(write);
  }

  #touch(pipeline: ChainableCommander): ChainableCommander {
    for (const key of generationKeys(this.id, this.gen)) pipeline.pexpire(key, STAGING_MS);
    return pipeline;
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#inFlight);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Writes the rest, then makes this generation the current one. Throws precondition-failed, store-full or store-unavailable problems. */
  async commit({ schema, evidence, title, op = 'replace', ifVersion, onlyFirst = false }: CommitOptions): Promise<Committed> {
    if (this.#slots.length > 0) this.#closeChunk();
    await this.#send({ isLast: true });
    const buckets = await this.#writeIndex();
    const leaves = Buffer.concat(this.#leaves);
    if (leaves.length > 0) this.#launch(this.#redis.pipeline().set(dataKeys(this.id, this.gen).leaves, leaves, 'PX', STAGING_MS));
    await this.#settled();
    this.#release();
    const nodes = nodesOf(leaves);
    const schemaJson = JSON.stringify(schema);
    const digest = rootOf(schemaJson, this.#chunks, nodes);
    const counts = { rows: this.#rows, rejected: this.#rejected, raw: this.#raw, stored: this.#stored };
    const fields = {
      digest,
      chunks: this.#chunks,
      buckets,
      seed: this.#keys?.seed ?? 0,
      nodes,
      schema: schemaJson,
      evidence: JSON.stringify(evidence),
      ...counts,
    };
    // From here on the keys may be the data set's own: nothing may shorten their life any more, not even if the reply is lost.
    clearInterval(this.#beat);
    this.#isHandedOver = true;
    const { seq, created } = await swapIn(this.#redis, { id: this.id, gen: this.gen, op, fields, title, ifVersion, onlyFirst });
    return { seq, digest, version: formatVersion(seq, digest), created, ...counts };
  }

  async #writeIndex(): Promise<number> {
    if (this.#keys === undefined) return 0;
    const count = KeyTable.bucketsFor(this.#rows);
    let waiting: [number, Buffer][] = [];
    for (const buckets of this.#keys.buckets(count)) {
      waiting.push(...buckets);
      if (waiting.length < BUCKETS_PER_WRITE) continue;
      await this.#writeBuckets(waiting);
      waiting = [];
    }
    if (waiting.length > 0) await this.#writeBuckets(waiting);
    return count;
  }

  async #writeBuckets(buckets: readonly [number, Buffer][]): Promise<void> {
    this.#launch(this.#touch(this.#redis.pipeline().hset(dataKeys(this.id, this.gen).index, ...buckets.flat())));
    if (this.#inFlight.size >= IN_FLIGHT) await Promise.race(this.#inFlight);
    await nextTurn();
  }

  /** Lets go of memory and of the reservation in the store. */
  #release(): void {
    this.#keys?.release();
    this.#admission.release();
  }

  /**
   * Gives the load up: what was staged is removed at once if the store is available, else it expires.
   * After a commit that failed it always expires, because only the reply may have been lost.
   */
  async discard(): Promise<void> {
    clearInterval(this.#beat);
    this.#release();
    await Promise.all(this.#inFlight);
    if (this.#isAdmitted && !this.#isHandedOver) await this.#redis.unlink(...generationKeys(this.id, this.gen)).catch(() => {});
  }
}

/** What keys are compared by: long ones by their hash, for memory. */
const comparable = (key: string): string => (key.length <= 64 ? key : digestOf('sha256', key, 'base64'));

/** The generation before the current one ends its retention when the next load begins: at most two are stored. */
async function dropRetained(redis: Redis, id: string): Promise<void> {
  const prevGen = await redis.hget(dataKeys(id).manifest, 'prevGen');
  if (prevGen) await redis.unlink(...generationKeys(id, prevGen));
}

/** Runs a pipeline; the first command that failed is the failure of all. */
async function run(pipeline: ChainableCommander): Promise<void> {
  for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
}
