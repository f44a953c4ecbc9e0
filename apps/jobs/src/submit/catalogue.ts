import { type ColumnReport, type Evidence, isDatasetId, ProblemError, parseVersion, shown, unknownDataset } from '@almanac/domain';
import { invalidInput } from '@almanac/processes';
import { KnownIds, type Manifest, readManifest } from '@almanac/store';
import type { Redis } from 'ioredis';
import { CoalescedRead } from './coalesced-read.ts';

/** One version of a data set: what a job must know of it before it is accepted. */
export interface DatasetVersion {
  id: string;
  version: string;
  digest: string;
  rows: number;
  columns: ColumnReport[];
}

/** So many data sets are remembered, those that were read last: whose version has not changed need not be read whole. */
const REMEMBERED = 100;
const nothingKnown: Evidence = { present: 0, missing: 0, kinds: {}, distinct: 0, examples: [] };

/** A version and the manifest that told of it. While the manifest is the same, so is the version, the very object. */
interface Present {
  manifest: Manifest;
  version: DatasetVersion;
}

/** What data sets there are, by their manifests; their rows are not read here. */
export class Catalogue {
  readonly #redis: Redis;
  /** many jobs at once are mostly about one data set: they share the reading, and are still told what holds after they came */
  readonly #present: CoalescedRead<Present | undefined>;
  readonly #ids: KnownIds;
  /** the one that was read last comes last */
  readonly #known = new Map<string, Present>();

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#ids = new KnownIds(redis);
    this.#present = new CoalescedRead((id) => this.#read(id));
  }

  /** The present version of a data set, which must be the one asked for: 'latest', its name, or the number in its name. */
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
    throw invalidInput('/inputs/version', `${shown(asked)} is not the name of a version: write 'latest' or one like ${version}`);
  }
  if (asked === version || (wanted.seq === seq && wanted.digest16 === undefined)) return;
  throw new ProblemError('gone', `Version ${shown(asked)} of data set '${id}' is not there; the present one is ${version}.`, {
    errors: [{ path: '/inputs/version', detail: `the present version is ${version}` }],
  });
}
