/** What a limit counts. The unit stands beside every value a caller sees. */
export type LimitUnit =
  | 'bytes'
  | 'characters'
  | 'rows'
  | 'values'
  | 'columns'
  | 'levels'
  | 'layers'
  | 'times'
  | 'requests'
  | 'streams'
  | 'connections'
  | 'loads'
  | 'records'
  | 'registrations'
  | 'categories'
  | 'pixels'
  | 'names'
  | 'ms'
  | 'MB';

/** A bound on what a caller can make a service hold, read, write or compute. */
export interface Limit {
  /** the largest value that is accepted (the smallest, if `isMinimum`) */
  readonly value: number;
  readonly unit: LimitUnit;
  /** what is counted, as a noun phrase: 'bytes of one row' */
  readonly title: string;
  /** what a caller sees when the limit is exceeded: the status code or the effect */
  readonly outcome: string;
  /** the environment variable that changes the limit, if there is one */
  readonly setting?: string;
  /** the value is a floor, not a ceiling */
  readonly isMinimum?: true;
}

/** Keeps the names of a section as literal types. */
export const section = <Name extends string>(entries: Record<Name, Limit>): Readonly<Record<Name, Limit>> => entries;

/** A value with its unit, as messages show it: '2,097,152 bytes'. */
export const withUnit = (value: number, unit: LimitUnit): string => `${value.toLocaleString('en')} ${unit}`;
