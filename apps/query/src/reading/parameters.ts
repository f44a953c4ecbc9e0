import {
  type Column,
  type Comparison,
  invalidParameter,
  operators,
  parseFilterName,
  parseVersion,
  splitList,
  unknownColumn,
  unknownParameter,
} from '@almanac/domain';

/** Query parameters as the URL gave them. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 10_000;

/** A parameter's one value; a repeated parameter is refused, because nobody can tell which was meant. */
export function single(query: Query, name: string): string | undefined {
  const value = query[name];
  if (Array.isArray(value)) throw invalidParameter(name, value.join(), `${name} is given ${value.length} times; give it once`);
  return value;
}

const digits = /^\d{1,19}$/;

/** How many records at most: 1 to 10,000, or Infinity for `all`. */
export function limitOf(query: Query, { takesAll = true }: { takesAll?: boolean } = {}): number {
  const text = single(query, 'limit');
  if (text === undefined) return DEFAULT_LIMIT;
  if (text === 'all' && takesAll) return Number.POSITIVE_INFINITY;
  if (digits.test(text) && Number(text) >= 1 && Number(text) <= MAX_LIMIT) return Number(text);
  throw invalidParameter(
    'limit',
    text,
    `limit is a whole number from 1 to ${MAX_LIMIT.toLocaleString('en')}${takesAll ? ", or 'all' for every record" : ''}`,
  );
}

/** How many records to pass over; past the end there is an empty page. */
export function offsetOf(query: Query): number {
  const text = single(query, 'offset');
  if (text === undefined) return 0;
  if (digits.test(text)) return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  throw invalidParameter('offset', text, 'offset is a whole number, 0 or more');
}

/** The version to read: `latest`, or one as answers name it. */
export function versionOf(query: Query): string {
  const text = single(query, 'version') ?? 'latest';
  if (text === 'latest' || parseVersion(text) !== undefined) return text;
  throw invalidParameter('version', text, "version is 'latest' or a version as answers name it, like 17-3fa94c02d1b7e650");
}

/** The columns asked for, in the order asked; undefined for all. A name with a comma is written `a\,b`. */
export function fieldsOf(query: Query, columns: readonly Column[]): Column[] | undefined {
  const text = single(query, 'fields');
  if (text === undefined || text === '') return undefined;
  return splitList(text).map((name) => {
    const column = columns.find((one) => one.name === name);
    if (column === undefined)
      throw unknownColumn(
        name,
        columns.map((one) => one.name),
        'fields',
      );
    return column;
  });
}

/**
 * Every parameter that is none of `known` is a filter: `recclass=L6`, `mass (g)[gte]=1000`, always so under `field.`.
 * A name that is neither a parameter nor a column is a problem that names the nearest of both.
 */
export function filtersOf(query: Query, known: readonly string[], columns: readonly Column[]): Comparison[] {
  const names = columns.map(({ name }) => name);
  return Object.entries(query)
    .filter(([name]) => !known.includes(name))
    .flatMap(([name, given]) => {
      const { column, operator, isPrefixed } = parseFilterName(name);
      // A column may itself be called `x[gte]`.
      const isWholeName = names.includes(name);
      if (!isPrefixed && !isWholeName && !names.includes(column)) throw unknownParameter(name, [...known, ...names]);
      if (isPrefixed && !names.includes(column)) throw unknownColumn(column, names, name);
      return [given ?? '']
        .flat()
        .map((text) => comparisonOf(name, isWholeName ? { column: name, operator: 'eq' } : { column, operator }, text));
    });
}

function comparisonOf(parameter: string, { column, operator }: { column: string; operator: string }, text: string): Comparison {
  const found = operators.find((one) => one === operator);
  if (found === undefined)
    throw invalidParameter(parameter, operator, `there is no comparison '${operator}'; there are ${operators.join(', ')}`);
  return { column, operator: found, value: found === 'in' ? splitList(text) : text };
}
