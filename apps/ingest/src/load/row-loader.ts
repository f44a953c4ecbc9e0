import { type Column, limitExceeded, loadLimits, type Reject, type Schema } from '@almanac/domain';
import { type Batch, EvidenceCounter, freshTurn, giveWay, LARGE_ROW, limitMetadata, type ParseOptions, type Row } from '@almanac/formats';
import { type LoadCheck, profileOf } from '@almanac/profiles';
import { StagedGeneration } from '@almanac/store';
import { fittedEvidence } from './fitted-evidence.ts';
import type { Loaded, LoadOptions } from './load.ts';
import { ProfiledRows } from './profiled-rows.ts';
import { RecordKey } from './record-key.ts';
import type { Rejects } from './rejects.ts';

/** Characters of rows after which other requests get their turn; each row counts for some more, for the work that even a short one takes. */
const SLICE = 1 << 16;
const ROW_COST = 256;

/** Characters of source text that may stay in memory behind rows that wait to be stored. */
const PINNED_LIMIT = 1 << 20;

/** Loads rows into a new version of a data set. The profile and the key are chosen from the first rows. */
export class RowLoader {
  readonly #options: LoadOptions;
  readonly #source: ParseOptions;
  readonly #rejects: Rejects;
  readonly #rows: ProfiledRows;
  readonly #check: LoadCheck | undefined;
  readonly #key: RecordKey;
  readonly #staged: StagedGeneration;
  readonly #evidence: EvidenceCounter;
  #pinned = 0;

  /** Throws 'unknown-column' for a key that no row has. */
  constructor(options: LoadOptions, source: ParseOptions, rejects: Rejects, firstRows: readonly Row[]) {
    this.#options = options;
    this.#source = source;
    this.#rejects = rejects;
    const names = namesOf(firstRows);
    const profile = profileOf(names);
    this.#rows = new ProfiledRows(profile, names);
    this.#check = profile.check?.();
    const first = firstRows.map((row) => this.#rows.profiled(row));
    this.#key = new RecordKey(options.key, first, options.notes, options.format.key ?? profile.key);
    const { column: key } = this.#key;
    this.#staged = new StagedGeneration(options.redis, options.dataset, {
      ...(key === undefined ? {} : { key }),
      ...(options.sourceBytes === undefined ? {} : { sourceBytes: options.sourceBytes }),
    });
    this.#evidence = new EvidenceCounter(source.units);
  }

  async take({ rows, rejects, pinned }: Batch): Promise<void> {
    await this.#rejects.store(this.#staged);
    for (const reject of rejects) await this.#reject(reject);
    this.#staged.seen(this.#options.meter.bytes);
    await this.#takeRows(rows);
    this.#pinned += pinned;
    if (this.#pinned <= PINNED_LIMIT) return;
    this.#pinned = 0;
    this.#staged.compact();
  }

  async #takeRows(rows: readonly Row[]): Promise<void> {
    let worked = 0;
    for (const given of rows) {
      const row = this.#rows.profiled(given);
      worked += row.text.length + ROW_COST;
      const isTurnDue = worked > SLICE;
      if (isTurnDue) await turnFor(row);
      const adding = this.#key.add(this.#staged, row);
      const refused = adding instanceof Promise ? await adding : adding;
      if (isTurnDue) {
        await turnFor(row);
        worked = 0;
      }
      if (refused === undefined) this.#accept(row);
      else await this.#reject(refused);
    }
  }

  async #reject(reject: Reject): Promise<void> {
    this.#rejects.add(reject);
    await this.#rejects.store(this.#staged);
  }

  #accept(row: Row): void {
    const limit = loadLimits.rows;
    const { rows } = this.#staged;
    if (rows > limit.value)
      throw limitExceeded('malformed-data', limit, rows, { detail: 'The data set has too many rows', advice: 'Split it.' });
    this.#evidence.count(row);
    this.#check?.row(row.text);
  }

  async commit(): Promise<Loaded> {
    if (this.#evidence.rows === 0) throw this.#rejects.noRecords();
    const { title, ifVersion, onlyFirst } = this.#options;
    this.#addNotes();
    for (const [name, unit] of this.#rows.units) if (!this.#source.units.has(name)) this.#source.units.set(name, unit);
    await giveWay();
    const columns = this.#columns();
    const schema = this.#schema(columns);
    const evidence = await fittedEvidence(schema, this.#evidence);
    await giveWay();
    const committed = await this.#staged.commit({ schema, evidence, op: 'replace', title, ifVersion, onlyFirst });
    return { committed, evidence, columns, key: this.#key.column, rejects: this.#rejects.shown };
  }

  #addNotes(): void {
    const { notes } = this.#options;
    for (const note of this.#rows.notes) notes.add(note);
    for (const note of this.#check?.notes(this.#source.metadata) ?? []) notes.add(note);
    const { column, isGuess } = this.#key;
    if (isGuess)
      notes.add(`Records are keyed by '${column}' (guessed; unique in every row). Use ?key=COLUMN to choose another, or ?key= for none.`);
  }

  #columns(): Column[] {
    const { derived } = this.#rows;
    return this.#evidence.columns().map((column) => (derived.has(column.name) ? { ...column, derived: true } : column));
  }

  #schema(columns: Column[]): Schema {
    limitMetadata(this.#source);
    const { metadata } = this.#source;
    const { column: key } = this.#key;
    return {
      columns,
      ...(key === undefined ? {} : { key }),
      format: this.#options.format.id,
      ...(Object.keys(metadata).length === 0 ? {} : { about: metadata }),
    };
  }

  /** Deletes what is staged. If the store is unavailable, it expires by itself. */
  async discard(): Promise<void> {
    await this.#staged.discard().catch(() => {});
  }

  close(): void {
    this.#evidence.close();
  }
}

/** A large row gets a turn of its own for each step. */
const turnFor = ({ text }: Row): Promise<void> | undefined => (text.length > LARGE_ROW ? freshTurn() : giveWay());

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
