import { type ColumnReport, type Condition, hint, parseTime, shown, type Where } from '@almanac/domain';
import { describeValue, invalidInput, isObject } from './invalid-input.ts';

const path = '/inputs/time';

/** The filter with the span of `time` as a condition on the first time column. Both ends belong to the span. */
export function withTime(time: unknown, where: Where | undefined, columns: readonly ColumnReport[]): Where | undefined {
  if (time === undefined) return where;
  if (!isObject(time)) throw invalidInput(path, `${describeValue(time)} is not an object: {"from": "1990-01-01", "to": "2000-01-01"}`);
  const { from, to, ...rest } = time;
  const [stranger] = Object.keys(rest);
  if (stranger !== undefined)
    throw invalidInput(`${path}/${stranger}`, `there is no member ${shown(stranger)}${hint(stranger, ['from', 'to'])}`);
  if (from === undefined && to === undefined) throw invalidInput(path, 'from, to or both are needed');
  const [gte, lte] = [momentOf('from', from), momentOf('to', to)];
  if (gte !== undefined && lte !== undefined && gte > lte)
    throw invalidInput(path, `from ${describeValue(from)} is later than to ${describeValue(to)}`);
  const column = columns.find(({ type }) => type === 'time')?.name;
  if (column === undefined) {
    throw invalidInput(path, 'the data set has no column of type time; a filter on another column goes into where', 'unsuitable-column');
  }
  const before = conditionOf(where?.[column]);
  const span = { ...(gte === undefined ? {} : { gte: isoOf(gte) }), ...(lte === undefined ? {} : { lte: isoOf(lte) }) };
  const twice = Object.keys(span).find((operator) => before !== undefined && operator in before);
  if (twice !== undefined) throw invalidInput(path, `where says ${twice} for column ${shown(column)} already; say it once`);
  return { ...where, [column]: { ...before, ...span } };
}

function momentOf(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const moment = typeof value === 'string' ? parseTime(value) : undefined;
  if (moment === undefined)
    throw invalidInput(`${path}/${name}`, `${describeValue(value)} is not a time: write ISO 8601, e.g. 1990-01-01 or 2024-02-21T12:00:00Z`);
  return moment;
}

const isoOf = (ms: number): string => new Date(ms).toISOString();

function conditionOf(wanted: Where[string] | undefined): Condition | undefined {
  if (wanted === undefined) return undefined;
  if (Array.isArray(wanted)) return { in: wanted };
  return wanted === null || typeof wanted !== 'object' ? { eq: wanted } : wanted;
}
