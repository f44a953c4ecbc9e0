import { type Column, type Evidence, limitExceeded, loadLimits, ProblemError, type Reject, type Schema } from '@almanac/domain';
import {
  type Batch,
  EvidenceCounter,
  type Format,
  freshTurn,
  giveWay,
  LARGE_ROW,
  limitMetadata,
  type ParseOptions,
  parseOptions,
  type Row,
} from '@almanac/formats';
import { type LoadCheck, profileOf } from '@almanac/profiles';
import { type Committed, StagedGeneration } from '@almanac/store';
import type { Redis } from 'ioredis';
import type { Meter } from '../body/read-body.ts';
import { fittedEvidence } from './fitted-evidence.ts';
import { ProfiledRows } from './profiled-rows.ts';
import { RecordKey } from './record-key.ts';

/** What a load makes, and where it may. */
export interface LoadTarget {
  dataset: string;
  /** the column that names records; '' for none, undefined to guess */
  key?: string | undefined;
  title?: string | undefined;
  /** commit only over this version */
  ifVersion?: string | undefined;
  /** commit only where there never was such a data set, nor one that was deleted */
  onlyFirst?: boolean | undefined;
}

export interface LoadOptions extends LoadTarget {
  redis: Redis;
  format: Format;
  bytes: AsyncIterable<Uint8Array>;
  /** how many bytes will come, where that is known */
  sourceBytes: number | undefined;
  /** how many have come */
  meter: Readonly<Meter>;
  notes: Set<string>;
}

export interface Loaded {
  committed: Committed;
  evidence: Record<string, Evidence>;
  columns: Column[];
  key: string | undefined;
  /** the first of them, for the report */
  rejects: Reject[];
}

/** So many rejects a report shows, and the error of a load that ends because of too many. */
const SHOWN_REJECTS = 20;
const SHOWN_IN_ERROR = 3;

/** Characters of rows after which others get their turn; each row counts some more for the work it takes however short it is. */
const SLICE = 1 << 16;
const ROW_COST = 256;

/** Characters of source text that may stay in memory behind rows that wait to be stored. */
const PINNED_LIMIT = 1 << 20;

/** Reads a body into a new version of a data set. Whatever goes wrong before the commit leaves the data set as it was. */
export async function load(options: LoadOptions): Promise<Loaded> {
  const loading = new Loading(options);
  try {
    for await (const batch of options.format.parse(options.bytes, loading.source)) await loading.take(batch);
    return await loading.commit();
  } catch (error) {
    await loading.discard();
    throw error;
  } finally {
    loading.close();
  }
}

class Loading {
  /** what the format tells of the source besides its rows */
  readonly source: ParseOptions;
  readonly #options: LoadOptions;
  readonly #evidence: EvidenceCounter;
  readonly #rejects: Reject[] = [];
  #rejectCount = 0;
  #rejectBytes = 0;
  #pinned = 0;
  /** rejects that came before the first row */
  #early: Reject[] = [];
  #staged: StagedGeneration | undefined;
  #keeper: RecordKey | undefined;
  #known: ProfiledRows | undefined;
  #check: LoadCheck | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.source = parseOptions(options.notes);
    this.#evidence = new EvidenceCounter(this.source.units);
  }

  async take({ rows, rejects, pinned }: Batch): Promise<void> {
    if (this.#staged === undefined && rows.length > 0) await this.#begin(rows);
    for (const reject of rejects) await this.#keepApart(reject);
    const keeper = this.#keeper as RecordKey;
    const staged = this.#staged as StagedGeneration;
    staged?.seen(this.#options.meter.bytes);
    let worked = 0;
    for (const given of rows) {
      const row = (this.#known as ProfiledRows).profiled(given);
      worked += row.text.length + ROW_COST;
      if (worked > SLICE) await turn(row);
      const adding = keeper.add(staged, row);
      const refused = adding instanceof Promise ? await adding : adding;
      if (worked > SLICE) {
        await turn(row);
        worked = 0;
      }
      if (refused === undefined) this.#accept(row, staged);
      else await this.#keepApart(refused);
    }
    this.#pinned += pinned;
    if (this.#pinned <= PINNED_LIMIT) return;
    this.#pinned = 0;
    staged?.compact();
  }

  #accept(row: Row, { rows }: StagedGeneration): void {
    const limit = loadLimits.rows;
    if (rows > limit.value)
      throw limitExceeded('malformed-data', limit, rows, { detail: 'The data set has too many rows', advice: 'Split it.' });
    this.#evidence.count(row);
    this.#check?.row(row.text);
  }

  /** From the first rows it is told what kind of records these are, and what names them. */
  async #begin(rows: Batch['rows']): Promise<void> {
    const { redis, dataset, format, key, sourceBytes, notes } = this.#options;
    const names = namesOf(rows);
    const profile = profileOf(names);
    this.#known = new ProfiledRows(profile, names);
    this.#check = profile.check?.();
    const first = rows.map((row) => (this.#known as ProfiledRows).profiled(row));
    this.#keeper = new RecordKey(key, first, notes, format.key ?? profile.key);
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
    this.#checkRejects();
    this.#rejectBytes += reject.raw.length;
    const kept = this.#rejectBytes > loadLimits.rejectsBytes.value ? { ...reject, raw: '' } : reject;
    if (this.#staged !== undefined) await this.#staged.reject(kept);
    else if (this.#early.push(kept) > EARLY_LIMIT) throw this.#empty();
  }

  #checkRejects(): void {
    const limit = loadLimits.rejects;
    if (this.#rejectCount <= limit.value) return;
    const first = this.#rejects.slice(0, SHOWN_IN_ERROR).map(({ row, reason }) => `row ${row} ${reason}`);
    const detail = `Too many rows cannot become records (the first: ${first.join('; ')})`;
    throw limitExceeded('malformed-data', limit, this.#rejectCount, { detail, advice: 'Nothing was changed.' });
  }

  async commit(): Promise<Loaded> {
    const staged = this.#staged;
    if (staged === undefined || this.#evidence.rows === 0) throw this.#empty();
    const { title, ifVersion, onlyFirst, notes } = this.#options;
    const { column: key, isGuess } = this.#keeper as RecordKey;
    for (const note of (this.#known as ProfiledRows).notes) notes.add(note);
    for (const note of this.#check?.notes(this.source.metadata) ?? []) notes.add(note);
    for (const [name, unit] of (this.#known as ProfiledRows).units) if (!this.source.units.has(name)) this.source.units.set(name, unit);
    if (isGuess)
      notes.add(`Records are named by '${key}', a guess that held in every row; ?key= names another column, or none when empty.`);
    await giveWay();
    const columns = this.#columns();
    const schema = this.#schema(columns, key);
    const evidence = await fittedEvidence(schema, this.#evidence);
    await giveWay();
    const committed = await staged.commit({
      schema,
      evidence,
      op: 'replace',
      title,
      ifVersion,
      onlyFirst,
    });
    return { committed, evidence, columns, key, rejects: this.#rejects };
  }

  #columns(): Column[] {
    const { derived } = this.#known as ProfiledRows;
    return this.#evidence.columns().map((column) => (derived.has(column.name) ? { ...column, derived: true } : column));
  }

  #schema(columns: Column[], key: string | undefined): Schema {
    limitMetadata(this.source);
    const { metadata: about } = this.source;
    return {
      columns,
      ...(key === undefined ? {} : { key }),
      format: this.#options.format.id,
      ...(Object.keys(about).length === 0 ? {} : { about }),
    };
  }

  /** Gives up what is staged. It would vanish by itself too: a store that is away now does not matter. */
  async discard(): Promise<void> {
    await this.#staged?.discard().catch(() => {});
  }

  close(): void {
    this.#evidence.close();
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

/** A large row has a turn of its own for each thing that is done with it. */
const turn = ({ text }: Row): Promise<void> | undefined => (text.length > LARGE_ROW ? freshTurn() : giveWay());

/** Names of all members of the rows. Rows under one header share one list. */
function namesOf(rows: readonly Row[]): Set<string> {
  const names = new Set<string>();
  let last: readonly string[] | undefined;
  for (const row of rows) {
    const own = row.names();
    if (own !== last) for (const name of own) names.add(name);
    last = own;
  }
  return names;
}

/** When this many rows are wrong before any is right, none will be. */
const EARLY_LIMIT = 1000;
