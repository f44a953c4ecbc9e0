import { type ColumnTest, compileTests } from '@almanac/analysis';
import {
  type Column,
  invalidParameter,
  type Limit,
  limitExceeded,
  type OperandKind,
  parseFilterName,
  parseOperator,
  parseVersion,
  readLimits,
  type Schema,
  shown,
  splitList,
  unknownColumn,
  unknownParameter,
} from '@almanac/domain';

/** A query string as the router parses it: a parameter given twice has a list. */
export type RawQuery = Readonly<Record<string, string | string[] | undefined>>;

/** The parameters of a request for records, checked as far as possible without the data set. */
export interface RecordsQuery {
  /** Infinity: all */
  limit: number;
  offset: number;
  fields: string[] | undefined;
  version: string | undefined;
  f: string | undefined;
  shape: 'array' | 'envelope';
  /** whether the response has the number of all matches */
  count: 'exact' | 'none';
  /** the other parameters: filters, if the data set has such columns */
  others: [string, string][];
}

export const MAX_LIMIT = readLimits.pageRecords.value;
export const DEFAULT_LIMIT = 50;

const parameters = ['limit', 'offset', 'fields', 'version', 'f', 'shape', 'count'] as const;
type Parameter = (typeof parameters)[number];
const isParameter = (name: string, known: readonly string[]): name is Parameter => known.includes(name);

/** Parses the query string; `known` are the parameters of the route. Throws invalid-parameter for the first invalid value. */
export function readRecordsQuery(raw: RawQuery, known: readonly Parameter[] = parameters): RecordsQuery {
  const query: RecordsQuery = {
    limit: DEFAULT_LIMIT,
    offset: 0,
    fields: undefined,
    version: undefined,
    f: undefined,
    shape: 'envelope',
    count: 'exact',
    others: [],
  };
  for (const name in raw) {
    const value = raw[name] as string | string[];
    if (typeof value !== 'string') throw invalidParameter(name, value.join(','), `given ${value.length} times, must be given once`);
    if (isParameter(name, known)) readers[name](query, value);
    else query.others.push([name, value]);
  }
  return query;
}

const readers: Record<Parameter, (query: RecordsQuery, value: string) => void> = {
  limit: (query, value) => {
    query.limit = value === 'all' ? Number.POSITIVE_INFINITY : readLimit(value);
  },
  offset: (query, value) => {
    if (!/^\d{1,15}$/.test(value)) throw invalidParameter('offset', value, 'must be an integer of at least 0');
    query.offset = Number(value);
  },
  fields: (query, value) => {
    const names = splitList(value);
    atMost(readLimits.fieldNames, names.length, 'fields lists too many columns');
    const seen = new Set<string>();
    const twice = names.find((name) => seen.size === seen.add(name).size);
    if (twice !== undefined) throw invalidParameter('fields', value, `'${twice}' is listed twice`);
    query.fields = names;
  },
  version: (query, value) => {
    query.version = readVersion(value);
  },
  f: (query, value) => {
    query.f = value;
  },
  shape: (query, value) => {
    if (value !== 'array' && value !== 'envelope') throw invalidParameter('shape', value, 'must be array or envelope');
    query.shape = value;
  },
  count: (query, value) => {
    if (value !== 'exact' && value !== 'none') throw invalidParameter('count', value, 'must be exact or none');
    query.count = value;
  },
};

function readLimit(value: string): number {
  const limit = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw invalidParameter('limit', value, `must be an integer from 1 to ${MAX_LIMIT}, or all`);
  return limit;
}

export function readVersion(value: string): string {
  if (value !== 'latest' && parseVersion(value) === undefined)
    throw invalidParameter('version', value, 'must be a version such as 17-3fa94c02d1b7e650, or latest');
  return value;
}

/** The requested columns in their order; undefined if records are sent as they are. */
export function chosenColumns(fields: readonly string[] | undefined, schema: Schema): Column[] | undefined {
  if (fields === undefined) return undefined;
  const byName = new Map(schema.columns.map((column) => [column.name, column]));
  return fields.map((name) => {
    const column = byName.get(name);
    if (column === undefined) throw unknownColumn(name, namesOf(schema), 'fields');
    return column;
  });
}

/** The filters among the other parameters. Throws unknown-parameter or unknown-column for a parameter that is none. */
export function filtersOf(others: readonly [string, string][], schema: Schema, known: readonly string[] = parameters): ColumnTest[] {
  if (others.length === 0) return [];
  atMost(readLimits.filters, others.length, 'The request has too many filters');
  const names = namesOf(schema);
  const terms = others.map(([parameter, text]) => {
    const { column, operator, isPrefixed } = filterName(parameter, names);
    const looksLikeFilter = isPrefixed || parameter.endsWith(']');
    if (!looksLikeFilter && !names.includes(column)) throw unknownParameter(parameter, [...known, ...names]);
    const accepts = parseOperator(operator)?.accepts;
    const isList = accepts === 'list';
    const values = isList ? splitList(text) : [text];
    checkValues(parameter, accepts, values);
    return { column, operator, parameter, value: isList ? values : text };
  });
  return compileTests(terms, schema.columns);
}

/** Checks the limits on the values of a filter. */
function checkValues(parameter: string, accepts: OperandKind | undefined, values: readonly string[]): void {
  const name = shown(parameter);
  atMost(readLimits.listValues, values.length, `The list of ${name} has too many values`);
  for (const { length } of values) atMost(readLimits.filterCharacters, length, `A value of ${name} is too long`);
  if (accepts !== 'pattern') return;
  for (const pattern of values) atMost(readLimits.likeParts, pattern.split('*').length - 1, `The pattern of ${name} has too many *`);
}

/** Throws 400 for more than a limit allows. */
export function atMost(limit: Limit, value: number, detail: string): void {
  if (value > limit.value) throw limitExceeded('invalid-parameter', limit, value, { detail });
}

/** A column whose own name ends in brackets takes precedence over an operator. */
function filterName(parameter: string, names: readonly string[]) {
  const bare = parameter.startsWith('field.') ? parameter.slice('field.'.length) : parameter;
  if (names.includes(bare)) return { column: bare, operator: 'eq', isPrefixed: true };
  if (names.includes(parameter)) return { column: parameter, operator: 'eq', isPrefixed: true };
  return parseFilterName(parameter);
}

const namesOf = (schema: Schema): string[] => schema.columns.map(({ name }) => name);
