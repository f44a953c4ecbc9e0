import { type ColumnReport, type Evidence, isDatasetId, ProblemError, parseVersion, shown, unknownDataset } from '@almanac/domain';
import { invalidInput } from '@almanac/processes';
import { listDatasets, type Manifest, readManifest } from '@almanac/store';
import type { Redis } from 'ioredis';
import { NextRead } from './next-read.ts';

/** One version of a data set: what a job must know of it before it is accepted. */
export interface DatasetVersion {
  id: string;
  version: string;
  digest: string;
  rows: number;
  columns: ColumnReport[];
}

const nothingKnown: Evidence = { present: 0, missing: 0, kinds: {}, distinct: 0, examples: [] };

/** What data sets there are, by their manifests; their rows are not read here. */
export class Catalogue {
  readonly #redis: Redis;
  /** many jobs at once are mostly about one data set: they share the reading, and are still told what holds after they came */
  readonly #present: NextRead<(DatasetVersion & Pick<Manifest, 'seq'>) | undefined>;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#present = new NextRead(async (id) => {
      const manifest = await readManifest(redis, id);
      return manifest === undefined ? undefined : versionOf(id, manifest);
    });
  }

  /** The present version of a data set, which must be the one asked for: 'latest', its name, or the number in its name. */
  async get(id: string, asked: string): Promise<DatasetVersion> {
    const present = isDatasetId(id) ? await this.#present.get(id) : undefined;
    if (present === undefined) throw unknownDataset(id, await listDatasets(this.#redis));
    if (asked !== 'latest') checkVersion(id, asked, present);
    return present;
  }
}

function versionOf(id: string, { seq, version, digest, rows, schema, evidence }: Manifest) {
  const columns = schema.columns.map((column) => ({ ...column, evidence: evidence[column.name] ?? nothingKnown }));
  return { id, seq, version, digest, rows, columns };
}

function checkVersion(id: string, asked: string, { seq, version }: { seq: number; version: string }): void {
  const wanted = parseVersion(asked);
  if (wanted === undefined) {
    throw invalidInput('/inputs/version', `${shown(asked)} is not the name of a version: write 'latest' or one like ${version}`);
  }
  if (asked === version || (wanted.seq === seq && wanted.digest16 === undefined)) return;
  throw new ProblemError('gone', `Version ${shown(asked)} of data set '${id}' is not there; the present one is ${version}.`, {
    errors: [{ path: '/inputs/version', detail: `the present version is ${version}` }],
  });
}
