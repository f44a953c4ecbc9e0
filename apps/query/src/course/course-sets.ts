import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError, shown } from '@almanac/domain';
import { type CourseSettings, expectedProfile, type Profile, profileIds, profileOf } from '@almanac/profiles';
import { type DatasetReader, isLoading, type ReadCopy } from '@almanac/store';
import type { Redis } from 'ioredis';

/** A source is waited for so long, asked after so often. */
const WAIT_MS = 60_000;
const EVERY_MS = 100;

const profileOfCopy = (copy: ReadCopy): Profile => copy.kept('profile', () => profileOf(copy.schema.columns.map(({ name }) => name)));

/** Finds the data set that a request in the course dialect is about. */
export class CourseSets {
  readonly #redis: Redis;
  readonly #reader: DatasetReader;
  readonly #settings: CourseSettings;

  constructor(redis: Redis, reader: DatasetReader, settings: CourseSettings) {
    this.#redis = redis;
    this.#reader = reader;
    this.#settings = settings;
  }

  /** The data set that `/data` is about: the one asked for, else the default. Undefined where nothing is in it. */
  async general(named: string | undefined): Promise<{ id: string; copy: ReadCopy | undefined; profile: Profile }> {
    const asked = named === '' ? undefined : named;
    const id = asked ?? this.#settings.defaultDataset;
    const copy = await this.#copyOf(id);
    if (copy === undefined && asked !== undefined && !this.#isExpected(asked)) await this.#reader.get(asked); // says which there are
    return { id, copy, profile: copy === undefined ? expectedProfile(id, this.#settings) : profileOfCopy(copy) };
  }

  /** The data set that a profile's route is about. Undefined where nothing is in it; throws where it holds something else. */
  async of(profile: Profile, named: string | undefined): Promise<{ id: string; copy: ReadCopy | undefined }> {
    const asked = named === '' ? undefined : named;
    if (asked === undefined && profile.id !== this.#settings.defaultDataset) {
      const found = await this.general(undefined);
      if (found.profile === profile) return found;
    }
    const found = await this.general(asked ?? profile.id);
    if (found.copy === undefined || found.profile === profile) return found;
    throw new ProblemError('not-found', `Data set '${found.id}' holds other records than this route is about (${profile.title}).`);
  }

  #isExpected = (id: string): boolean => id === this.#settings.defaultDataset || profileIds.includes(id);

  /** The present version; where there is none while the set's source is being loaded, the one that comes of it. */
  async #copyOf(id: string): Promise<ReadCopy | undefined> {
    for (const until = Date.now() + WAIT_MS; ; await sleep(EVERY_MS)) {
      const copy = await this.#current(id);
      if (copy !== undefined || !(await isLoading(this.#redis, id))) return copy ?? this.#current(id);
      if (Date.now() > until) {
        throw new ProblemError('unavailable', `Data set ${shown(id)} is still being loaded; try again shortly.`, {
          headers: { 'retry-after': '5' },
        });
      }
    }
  }

  async #current(id: string): Promise<ReadCopy | undefined> {
    try {
      return await this.#reader.get(id);
    } catch (error) {
      if (error instanceof ProblemError && error.type === 'unknown-dataset') return undefined;
      throw error;
    }
  }
}
