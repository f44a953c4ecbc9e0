import { type ColumnReport, DISTINCT_LIMIT } from '@almanac/domain';
import { numeric } from '../params.ts';
import { isLatitude, isLongitude } from './places.ts';

/** The roles of columns in a plot, detected by types, names and evidence. Each list is in the data set's order. */
export interface ColumnRoles {
  longitude: string | undefined;
  latitude: string | undefined;
  times: string[];
  /** numbers that count on, one for each record: years, steps */
  sequences: string[];
  /** numbers that measure something: no identifiers, positions or constants, present in half of the records at least */
  measures: string[];
  /** columns whose values are shared by many records, the best number of values first */
  categories: string[];
}

const identifier = /(^|[_\s.-])(id|ids|key|uuid|guid|index|idx|ordinal|number|no|nr|code|zip|postcode)$|^(id|key)[_\s.-]?|Id$|ID$/;
const sequence = /(^|[_\s.-])(year|yr|step|day|month|week|hour|minute|generation|epoch|iteration|age)s?$/i;

/** Best for bars: enough values to compare, few enough to read. */
const READABLE = 20;

const known = new WeakMap<readonly ColumnReport[], ColumnRoles>();

export function columnRoles(columns: readonly ColumnReport[]): ColumnRoles {
  const found = known.get(columns);
  if (found !== undefined) return found;
  const roles = rolesOf(columns);
  known.set(columns, roles);
  return roles;
}

function rolesOf(columns: readonly ColumnReport[]): ColumnRoles {
  const useful = columns.filter((column) => column.evidence.distinct > 1 && isMostlyThere(column));
  const numbers = useful.filter(
    (column) => isNumeric(column) && !identifier.test(column.name.toLowerCase()) && !/Id$|ID$/.test(column.name),
  );
  const place = (test: (name: string) => boolean) => numbers.find((column) => test(column.name))?.name;
  const [longitude, latitude] = [place(isLongitude), place(isLatitude)];
  const sequences = numbers.filter((column) => sequence.test(column.name) && !isShared(column)).map(({ name }) => name);
  return {
    longitude,
    latitude,
    times: useful.filter((column) => column.type === 'time').map(({ name }) => name),
    sequences,
    measures: numbers
      .filter(({ name }) => !isLongitude(name) && !isLatitude(name) && !sequences.includes(name) && !/(^|[_\s.-])year$/i.test(name))
      .map(({ name }) => name),
    categories: useful
      .filter(isCategory)
      .sort(byReadability)
      .map(({ name }) => name),
  };
}

const isMostlyThere = ({ evidence }: ColumnReport): boolean => evidence.present >= (evidence.present + evidence.missing) / 2;
const isNumeric = ({ type }: ColumnReport): boolean => (numeric as readonly string[]).includes(type);

/** Whether records share its values: fewer than half as many values as records. */
const isShared = ({ evidence }: ColumnReport): boolean => evidence.distinct < DISTINCT_LIMIT && evidence.distinct <= evidence.present / 2;

const isCategory = (column: ColumnReport): boolean =>
  (column.type === 'string' || column.type === 'boolean') && isShared(column) && !identifier.test(column.name.toLowerCase());

/** Readable numbers of values keep the data set's order; beyond, fewer is better. Two values say less than three. */
function byReadability(a: ColumnReport, b: ColumnReport): number {
  const rank = ({ evidence: { distinct } }: ColumnReport) => (distinct > READABLE ? distinct : distinct === 2 ? 1 : 0);
  return rank(a) - rank(b);
}

/** Whether a column's values span more than four decades, zero aside: masses, populations, energies. */
export function spansDecades({ evidence, type }: ColumnReport): boolean {
  const { min, max, examples } = evidence;
  if (type === 'time' || typeof min !== 'number' || typeof max !== 'number' || min < 0) return false;
  const positive = examples.map(Number).filter((value) => value > 0);
  const least = min > 0 ? min : Math.min(...positive);
  return max / least > 1e4;
}
