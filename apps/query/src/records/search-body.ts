import {
  Condition,
  hint,
  type Limit,
  limitExceeded,
  matchesSchema,
  operatorList,
  operators,
  ProblemError,
  parseOperator,
  readLimits,
  type Scalar,
  shown,
  WHERE_DESCRIPTION,
  type Where,
  whereToQuery,
} from '@almanac/domain';
import { Type } from 'typebox';
import type { RawQuery } from './parameters.ts';

const Scalars = Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]));

/** The body of POST …/search. `where` is the filter of a job's inputs. */
export const SearchBody = Type.Object(
  {
    where: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null(), Scalars, Condition]), {
        description: WHERE_DESCRIPTION,
        examples: [{ recclass: 'L6', 'mass (g)': { gte: 1000 } }],
      }),
    ),
    fields: Type.Optional(Type.Array(Type.String(), { description: 'only these columns, in this order', examples: [['name', 'year']] })),
    limit: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1 }), Type.Literal('all')], {
        default: 50,
        description: 'records on a page, or all: every record, streamed',
      }),
    ),
    offset: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'records to skip' })),
    version: Type.Optional(Type.String({ description: 'read this version instead of the latest', examples: ['17-3fa94c02d1b7e650'] })),
  },
  { additionalProperties: false },
);

const members = Object.keys(SearchBody.properties);
const expected = { limit: 'an integer of at least 1, or "all"', offset: 'an integer of at least 0', version: 'a string' } as const;

/** The query string that means the same as a body, so that both are parsed and limited in one way. */
export function queryOf(body: unknown): RawQuery {
  if (!isObject(body)) throw invalid('', 'The body must be an object: {"where": {"<column>": <value>}}');
  const stranger = Object.keys(body).find((name) => !members.includes(name));
  if (stranger !== undefined) throw invalid(`/${stranger}`, `unknown member ${shown(stranger)}${hint(stranger, members)}`);
  const { where = {}, fields, ...rest } = body;
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(rest)) {
    // Types are not converted: a number for a string is an error.
    if (!matchesSchema(SearchBody.properties[name as keyof typeof expected], value))
      throw invalid(`/${name}`, `${shown(JSON.stringify(value))} must be ${expected[name as keyof typeof expected]}`);
    query[name] = String(value);
  }
  if (fields !== undefined) query.fields = listText(fields);
  return { ...query, ...filtersOf(where) };
}

function listText(fields: unknown): string {
  if (!Array.isArray(fields) || fields.length === 0 || !fields.every((name) => typeof name === 'string'))
    throw invalid('/fields', 'must be a list of column names');
  return (fields as string[]).map((name) => name.replaceAll('\\', '\\\\').replaceAll(',', '\\,')).join(',');
}

function filtersOf(where: unknown): Record<string, string> {
  if (!isObject(where)) throw invalid('/where', 'must be an object: {"<column>": <value> or {"gte": <value>}}');
  for (const [column, wanted] of Object.entries(where)) checkWanted(column, wanted);
  const filters = whereToQuery(where as Where);
  atMost(readLimits.searchFilters, filters.length, 'where has too many conditions');
  return Object.fromEntries(filters);
}

/** Checks one column's part of the filter: its form, and the length of its lists. */
function checkWanted(column: string, wanted: unknown): void {
  const path = `/where/${column.slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (isScalar(wanted)) return;
  if (Array.isArray(wanted)) {
    checkList(path, column, wanted);
    return;
  }
  if (!isObject(wanted)) throw invalid(path, 'must be a value, a list of values or an object such as {"gte": 1000}');
  const condition = { ...wanted };
  for (const operator of listOperators) {
    const list = wanted[operator];
    if (!Array.isArray(list)) continue;
    checkList(path, column, list);
    condition[operator] = []; // it may be longer than the list of a job, which is what the schema allows
  }
  if (!matchesSchema(Condition, condition))
    throw invalid(path, `must have operators with values; operators: ${operatorList}; those that take a list: ${listOperators.join(', ')}`);
}

const listOperators = operators.filter((operator) => parseOperator(operator)?.accepts === 'list');

function checkList(path: string, column: string, list: readonly unknown[]): void {
  atMost(readLimits.searchValues, list.length, `The list of ${shown(column)} has too many values`);
  if (list.length === 0 || !list.every(isScalar))
    throw invalid(path, 'a list must hold at least one value: a string, a number, true, false or null');
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
