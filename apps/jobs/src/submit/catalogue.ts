import { type ColumnReport, type Evidence, isDatasetId, ProblemError, parseVersion, shown, unknownDataset } from '@almanac/domain';
import { invalidInput } from '@almanac/processes';
import { KnownIds, type Manifest, readManifest } from '@almanac/store';
import type { Redis } from 'ioredis';
import { CoalescedRead } from './coalesced-read.ts';

/** The facts about one version of a data set that a job is checked against. */
export interface DatasetVersion {
  id: string;
  version: string;
  digest: string;
  rows: number;
  columns: ColumnReport[];
}

/** Number of data sets whose manifest is kept, so that an unchanged one need not be read again. */
const REMEMBERED = 100;
const nothingKnown: Evidence = { present: 0, missing: 0, kinds: {}, distinct: 0, examples: [] };

/** A manifest and the version it describes: as long as the manifest is unchanged, the same object. */
interface Present {
  manifest: Manifest;
  version: DatasetVersion;
}

/** Looks up data sets by their manifests. Rows are not read. */
export class Catalogue {
  readonly #redis: Redis;
  /** jobs that arrive together mostly use one data set, so they share one read */
  readonly #present: CoalescedRead<Present | undefined>;
  readonly #ids: KnownIds;
  /** in the order of their last read */
  readonly #known = new Map<string, Present>();

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#ids = new KnownIds(redis);
    this.#present = new CoalescedRead((id) => this.#read(id));
  }

  /** The current version of a data set. Throws if `asked` is neither 'latest' nor the name of that version or the number in the name. */
  async get(id: string, asked: string): Promise<DatasetVersion> {
    const present = isDatasetId(id) ? await this.#present.get(id) : undefined;
    if (present === undefined) throw unknownDataset(id, await this.#ids.some());
    if (asked !== 'latest') checkVersion(id, asked, present.manifest);
    return present.version;
  }

  async #read(id: string): Promise<Present | undefined> {
    const known = this.#known.get(id);
    const manifest = await readManifest(this.#redis, id, known?.manifest);
    this.#known.delete(id);
    if (manifest === undefined) return undefined;
    const present = manifest === known?.manifest ? known : { manifest, version: versionOf(manifest) };
    this.#known.set(id, present);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value as string);
    return present;
  }
}

function versionOf({ id, version, digest, rows, schema, evidence }: Manifest): DatasetVersion {
  const columns = schema.columns.map((column) => ({ ...column, evidence: evidence[column.name] ?? nothingKnown }));
  return { id, version, digest, rows, columns };
}

function checkVersion(id: string, asked: string, { seq, version }: Manifest): void {
  const wanted = parseVersion(asked);
  if (wanted === undefined) {
    throw invalidInput('/inputs/version', `${shown(asked)} is not a version; write 'latest' or a name like ${version}`);
  }
  if (asked === version || (wanted.seq === seq && wanted.digest16 === undefined)) return;
  throw new ProblemError('gone', `Version ${shown(asked)} of data set '${id}' no longer exists. The current version is ${version}.`, {
    errors: [{ path: '/inputs/version', detail: `the current version is ${version}` }],
  });
}
