import {
  Condition,
  hint,
  isOf,
  type Limit,
  limitExceeded,
  ProblemError,
  readLimits,
  type Scalar,
  shown,
  type Where,
  whereToQuery,
} from '@almanac/domain';
import { Type } from 'typebox';
import type { RawQuery } from './parameters.ts';

const Scalars = Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]));

/** The body of POST …/search. `where` is the filter that jobs take. */
export const SearchBody = Type.Object(
  {
    where: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null(), Scalars, Condition]), {
        description: 'column -> value, list of values, or {gte, lt, ...}; every one must hold',
        examples: [{ recclass: 'L6', 'mass (g)': { gte: 1000 } }],
      }),
    ),
    fields: Type.Optional(Type.Array(Type.String(), { description: 'only these columns, in this order', examples: [['name', 'year']] })),
    limit: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1 }), Type.Literal('all')], { default: 50, description: 'records on a page, or all' }),
    ),
    offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'records to skip' })),
    version: Type.Optional(Type.String({ description: 'read this version instead of the latest', examples: ['17-3fa94c02d1b7e650'] })),
  },
  { additionalProperties: false },
);

const members = Object.keys(SearchBody.properties);
const expected = { limit: 'a whole number from 1, or "all"', offset: 'a whole number from 0', version: 'a text' } as const;

/** The question that a body asks, in the words of a query string, so that both are read, bounded and answered in one way. */
export function queryOf(body: unknown): RawQuery {
  if (!isObject(body)) throw invalid('', 'The body is not an object: {"where": {"<column>": <value>}}');
  const stranger = Object.keys(body).find((name) => !members.includes(name));
  if (stranger !== undefined) throw invalid(`/${stranger}`, `there is no member ${shown(stranger)}${hint(stranger, members)}`);
  const { where = {}, fields, ...rest } = body;
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    // A number where a text belongs is refused, not bent: the schema says so.
    if (!isOf(SearchBody.properties[name as keyof typeof expected], value))
      throw invalid(`/${name}`, `${shown(JSON.stringify(value))} is not ${expected[name as keyof typeof expected]}`);
    query[name] = String(value);
  }
  if (fields !== undefined) query.fields = listText(fields);
  return { ...query, ...filtersOf(where) };
}

function listText(fields: unknown): string {
  if (!Array.isArray(fields) || fields.length === 0 || !fields.every((name) => typeof name === 'string'))
    throw invalid('/fields', 'write a list of names of columns');
  return (fields as string[]).map((name) => name.replaceAll('\\', '\\\\').replaceAll(',', '\\,')).join(',');
}

function filtersOf(where: unknown): Record<string, string> {
  if (!isObject(where)) throw invalid('/where', 'write an object: {"<column>": <value> or {"gte": <value>}}');
  for (const [column, wanted] of Object.entries(where)) checkWanted(column, wanted);
  const filters = whereToQuery(where as Where);
  atMost(readLimits.searchFilters, filters.length, 'where has too many comparisons');
  return Object.fromEntries(filters);
}

/** One column's part of the filter has a form that is known, and lists that are not too long. */
function checkWanted(column: string, wanted: unknown): void {
  const path = `/where/${column.slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (isScalar(wanted)) return;
  const isList = Array.isArray(wanted);
  if (!isList && !isObject(wanted)) throw invalid(path, 'write a value, a list of values or {"gte": <value>}');
  const list = isList ? wanted : wanted.in;
  if (Array.isArray(list)) {
    atMost(readLimits.searchValues, list.length, `The list of ${shown(column)} has too many values`);
    if (list.length === 0 || !list.every(isScalar))
      throw invalid(path, 'a list holds texts, numbers, true, false or null, and at least one of them');
  }
  if (isList) return;
  // The list is checked above, and may be longer than that of a job.
  if (!isOf(Condition, Array.isArray(wanted.in) ? { ...wanted, in: [] } : wanted))
    throw invalid(path, 'write comparisons with values: eq, ne, gt, gte, lt, lte, like, or in with a list');
}

const isScalar = (value: unknown): value is Scalar => value === null || ['string', 'number', 'boolean'].includes(typeof value);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (path: string, detail: string) =>
  new ProblemError('invalid-body', `${path === '' ? '' : `${path.slice(0, 120)}: `}${detail}.`, {
    errors: [{ path: path.slice(0, 120), detail }],
  });

function atMost(limit: Limit, value: number, detail: string): void {
  if (value > limit.value) throw limitExceeded('invalid-body', limit, value, { detail });
}
