import { type ColumnReport, type Condition, parseTime, shown, type Where } from '@almanac/domain';
import { type Static, Type } from 'typebox';
import { invalidInput } from './invalid-input.ts';

const moment = (description: string) => Type.Optional(Type.String({ description, examples: ['1990-01-01', '2024-02-21T12:00:00Z'] }));

/** A span on the data set's first time column. */
export const TimeSpan = Type.Object(
  {
    from: moment('first time of the span'),
    to: moment('last time of the span; a date without a time means its midnight'),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description: 'ISO 8601, UTC unless a zone is given; on the first time column of the data set',
    examples: [{ from: '1990-01-01', to: '2000-01-01' }],
  },
);
export type TimeSpan = Static<typeof TimeSpan>;

const path = '/inputs/time';

/** The filter with the span as a condition on the first time column. The span includes both ends. */
export function withTime({ from, to }: TimeSpan, where: Where | undefined, columns: readonly ColumnReport[]): Where {
  const [gte, lte] = [msOf('from', from), msOf('to', to)];
  if (gte !== undefined && lte !== undefined && gte > lte) throw invalidInput(path, `from ${shown(from)} is later than to ${shown(to)}`);
  const column = columns.find(({ type }) => type === 'time')?.name;
  if (column === undefined)
    throw invalidInput(path, 'the data set has no column of type time; use where to filter by another column', 'unsuitable-column');
  const before = conditionOf(where?.[column]);
  const span = { ...(gte === undefined ? {} : { gte: isoOf(gte) }), ...(lte === undefined ? {} : { lte: isoOf(lte) }) };
  const twice = Object.keys(span).find((operator) => before !== undefined && operator in before);
  if (twice !== undefined) throw invalidInput(path, `where already has ${twice} for column ${shown(column)}; remove one of them`);
  return { ...where, [column]: { ...before, ...span } };
}

function msOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = parseTime(value);
  if (ms === undefined)
    throw invalidInput(`${path}/${name}`, `${shown(value)} is not a time; write ISO 8601, e.g. 1990-01-01 or 2024-02-21T12:00:00Z`);
  return ms;
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

function conditionOf(filter: Where[string] | undefined): Condition | undefined {
  if (filter === undefined) return undefined;
  if (Array.isArray(filter)) return { in: filter };
  return filter === null || typeof filter !== 'object' ? { eq: filter } : filter;
}
