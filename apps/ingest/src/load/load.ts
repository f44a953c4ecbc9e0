import { ProblemError, type Reject } from '@almanac/domain';
import { type Batch, EvidenceCounter, type Format } from '@almanac/formats';
import { type Committed, StagedGeneration } from '@almanac/store';
import type { Redis } from 'ioredis';
import type { Meter } from '../body/read-body.ts';
import { KeyKeeper } from './key-keeper.ts';

export interface LoadOptions {
  redis: Redis;
  dataset: string;
  format: Format;
  bytes: AsyncIterable<Uint8Array>;
  /** the column that names records; '' for none, undefined to guess */
  key: string | undefined;
  title: string | undefined;
  /** how many bytes will come, where that is known */
  sourceBytes: number | undefined;
  /** how many have come */
  meter: Readonly<Meter>;
  /** commit only over this version */
  ifVersion: string | undefined;
  notes: Set<string>;
}

export interface Loaded {
  committed: Committed;
  evidence: EvidenceCounter;
  key: string | undefined;
  /** the first of them, for the report */
  rejects: Reject[];
}

/** So many rejects a report shows. */
const SHOWN_REJECTS = 20;

/** Reads a body into a new version of a data set. Whatever goes wrong before the commit leaves the data set as it was. */
export async function load(options: LoadOptions): Promise<Loaded> {
  const loading = new Loading(options);
  try {
    for await (const batch of options.format.parse(options.bytes, { notes: options.notes })) await loading.take(batch);
    return await loading.commit();
  } catch (error) {
    await loading.discard();
    throw error;
  }
}

class Loading {
  readonly #options: LoadOptions;
  readonly #evidence = new EvidenceCounter();
  readonly #rejects: Reject[] = [];
  #rejectCount = 0;
  /** rejects that came before the first row */
  #early: Reject[] = [];
  #staged: StagedGeneration | undefined;
  #keeper: KeyKeeper | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  async take({ rows, rejects }: Batch): Promise<void> {
    if (this.#staged === undefined && rows.length > 0) await this.#begin(rows);
    for (const reject of rejects) await this.#keepApart(reject);
    const keeper = this.#keeper as KeyKeeper;
    const staged = this.#staged as StagedGeneration;
    staged?.seen(this.#options.meter.bytes);
    for (const row of rows) {
      const adding = keeper.add(staged, row);
      const refused = adding instanceof Promise ? await adding : adding;
      if (refused === undefined) this.#evidence.count(row);
      else await this.#keepApart(refused);
    }
  }

  async #begin(rows: Batch['rows']): Promise<void> {
    const { redis, dataset, key, sourceBytes, notes } = this.#options;
    this.#keeper = new KeyKeeper(key, rows, notes);
    const { column } = this.#keeper;
    this.#staged = new StagedGeneration(redis, dataset, {
      ...(column === undefined ? {} : { key: column }),
      ...(sourceBytes === undefined ? {} : { sourceBytes }),
    });
    for (const reject of this.#early) await this.#staged.reject(reject);
    this.#early = [];
  }

  async #keepApart(reject: Reject): Promise<void> {
    this.#rejectCount++;
    if (this.#rejects.length < SHOWN_REJECTS) this.#rejects.push(reject);
    if (this.#staged !== undefined) await this.#staged.reject(reject);
    else if (this.#early.push(reject) > EARLY_LIMIT) throw this.#empty();
  }

  async commit(): Promise<Loaded> {
    const staged = this.#staged;
    if (staged === undefined || this.#evidence.rows === 0) throw this.#empty();
    const { title, ifVersion, notes } = this.#options;
    const { column: key, isGuess } = this.#keeper as KeyKeeper;
    if (isGuess)
      notes.add(`Records are named by '${key}', a guess that held in every row; ?key= names another column, or none when empty.`);
    const committed = await staged.commit({
      schema: { columns: this.#evidence.columns(), ...(key === undefined ? {} : { key }) },
      evidence: this.#evidence.evidence(),
      op: 'replace',
      ...(title === undefined ? {} : { title }),
      ...(ifVersion === undefined ? {} : { ifVersion }),
    });
    return { committed, evidence: this.#evidence, key, rejects: this.#rejects };
  }

  /** Gives up what is staged. It would vanish by itself too: a store that is away now does not matter. */
  async discard(): Promise<void> {
    await this.#staged?.discard().catch(() => {});
  }

  #empty(): ProblemError {
    const [first] = this.#rejects;
    const why =
      first === undefined
        ? 'There are no records in the body.'
        : `None of the ${this.#rejectCount.toLocaleString('en')} rows read could become a record: row ${first.row} ${first.reason}.`;
    return new ProblemError('empty-data', `${why} Nothing was changed.`);
  }
}

/** When this many rows are wrong before any is right, none will be. */
const EARLY_LIMIT = 1000;
