import type { RowView } from '@almanac/domain';
import type { RecordSet } from './record-set.ts';
import type { ProfileRoute } from './route.ts';

/** A column that a profile knows, whatever a source calls it. */
export interface KnownColumn {
  name: string;
  /** names of it in other forms of the same source: an XML name cannot hold "mass (g)" */
  otherNames?: readonly string[];
  /** for sources without a unit */
  unit?: string;
}

/** A column that a load computes from others, so that it can be filtered and plotted like any. `GET /data` does not show it. */
export interface DerivedColumn {
  name: string;
  unit?: string;
  /** the columns it is computed from, which must be numbers */
  from: readonly string[];
  /** undefined: there is no value for this record */
  value(numbers: readonly number[]): number | undefined;
  /** for the load report: what was computed from what */
  note: string;
}

/** The source of a profile's data if a load has no body: an address, or the profile itself. */
export type Source = { url: string } | { records(): Record<string, unknown>[] };

/** Checks every row of a load, and returns notes at its end. */
export interface LoadCheck {
  row(text: string): void;
  /** `sourceMetadata`: what the source says about itself, the `about` member of the schema */
  notes(sourceMetadata: Readonly<Record<string, unknown>>): string[];
}

/**
 * All that is special about one kind of data set: plain data and pure functions, no web framework, no store, no network. A new one is a
 * folder here and its line in registry.ts; ingest, query, jobs and gateway read the registry and know no profile by name.
 */
export interface Profile {
  /** its name in settings, and that of its own data set */
  readonly id: string;
  readonly title: string;
  readonly source: Source;
  /** its clients never load anything: the service that takes data in loads the source when it starts */
  readonly loadsAtStart: boolean;
  /** its course service reads config.yaml if it is started */
  readonly readsConfig?: true;
  /** the key column, if the records have it */
  readonly key?: string;
  readonly columns: readonly KnownColumn[];
  readonly derived: readonly DerivedColumn[];
  /** Whether records with these members are of this kind. */
  matches(names: ReadonlySet<string>): boolean;
  /** the column that start and end of a job are about */
  readonly timeColumn?: string;
  /** inputs of the default plot of a job: those of process `plot`, without the data set */
  readonly defaultPlot?: Readonly<Record<string, unknown>>;
  /** shapes `GET /data?shape=` has beside list and dict */
  readonly shapes: readonly string[];
  /** How GET /data shows a record; undefined: as it is stored. `shape` is one of `shapes`, or undefined for the usual one. */
  view(set: RecordSet, shape: string | undefined): RowView | undefined;
  /** Runs before `view` if a view depends on all records: a pass that lets other requests run. */
  prepare?(set: RecordSet, shape: string | undefined): Promise<void>;
  /** A check of one load against the metadata of its source; for the load report. */
  check?(): LoadCheck;
  readonly routes: readonly ProfileRoute[];
}

/** The members that most profiles leave as they are. */
export const profileDefaults = {
  loadsAtStart: false,
  columns: [],
  derived: [],
  shapes: [],
  view: () => undefined,
  routes: [],
} as const satisfies Partial<Profile>;
