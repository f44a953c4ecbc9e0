import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError, shown } from '@almanac/domain';
import { type CourseSettings, expectedProfile, generic, type Profile, profileIds, profileOf } from '@almanac/profiles';
import { type DatasetReader, isLoading, type ReadCopy } from '@almanac/store';
import type { Redis } from 'ioredis';

/** How long a request waits for the load of a source, and how often it checks. */
const WAIT_MS = 60_000;
const EVERY_MS = 100;

const profileOfCopy = (copy: ReadCopy): Profile => copy.memoize('profile', () => profileOf(copy.schema.columns.map(({ name }) => name)));

export interface FoundSet {
  id: string;
  copy: ReadCopy | undefined;
  profile: Profile;
}

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

  /** The data set of `/data`: the named one, else the default one. `copy` is undefined if nothing is loaded. */
  async general(named: string | undefined): Promise<FoundSet> {
    const id = named ?? this.#settings.defaultDataset;
    const copy = await this.#copyOf(id);
    if (copy === undefined && named !== undefined && !this.#isExpected(named)) throw await this.#reader.unknown(named);
    return { id, copy, profile: copy === undefined ? expectedProfile(id, this.#settings) : profileOfCopy(copy) };
  }

  /**
   * The data set of a profile's route: the named one, else the default one or the profile's own, whichever holds records of this profile.
   * The one that is expected to hold them is read first, so that most requests read one version. Throws 404 if none does and the own one
   * holds other records.
   */
  async of(profile: Profile, named: string | undefined): Promise<FoundSet> {
    const { defaultDataset } = this.#settings;
    const own = named ?? profile.id;
    const found = new Map<string, FoundSet>();
    for (const id of named === undefined ? this.#candidates(profile) : [named]) {
      const one = await this.general(id);
      if (one.profile === profile && (one.copy !== undefined || id === defaultDataset)) return one;
      found.set(id, one);
    }
    const last = found.get(own) as FoundSet;
    if (last.copy === undefined) return last;
    throw new ProblemError('not-found', `Data set '${own}' holds other records than this route is about (${profile.title}).`);
  }

  #candidates(profile: Profile): string[] {
    const { defaultDataset } = this.#settings;
    if (profile.id === defaultDataset) return [profile.id];
    const expected = expectedProfile(defaultDataset, this.#settings);
    const isOwnFirst = expected !== profile && expected !== generic;
    return isOwnFirst ? [profile.id, defaultDataset] : [defaultDataset, profile.id];
  }

  #isExpected = (id: string): boolean => id === this.#settings.defaultDataset || profileIds.includes(id);

  /** The current version; if the set is empty and its source is being loaded, the version after that load. */
  async #copyOf(id: string): Promise<ReadCopy | undefined> {
    for (const until = Date.now() + WAIT_MS; ; await sleep(EVERY_MS)) {
      const copy = await this.#reader.find(id);
      if (copy !== undefined || !(await isLoading(this.#redis, id))) return copy ?? this.#reader.find(id);
      if (Date.now() > until) {
        throw new ProblemError('unavailable', `Data set ${shown(id)} is still being loaded; try again shortly.`, {
          headers: { 'retry-after': '5' },
        });
      }
    }
  }
}
