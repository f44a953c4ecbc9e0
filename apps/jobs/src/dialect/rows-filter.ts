import { type ColumnReport, type Condition, isNumberText, ProblemError, shown, type Where } from '@almanac/domain';
import type { Profile } from '@almanac/profiles';
import { periodOf } from './period.ts';
import { isKindOfPlot } from './plot-inputs.ts';
import { normalizedName } from './request-body.ts';

const starts = new Set(['start', 'startdate', 'starttime', 'startyear', 'from', 'begin', 'fromdate']);
const ends = new Set(['end', 'enddate', 'endtime', 'endyear', 'to', 'stop', 'todate']);

export interface RowsFilter {
  where: Where;
  /** members that said which rows */
  used: ReadonlySet<string>;
  note: string | undefined;
}

/** Which rows a job is about: a range on the time column, and filters for members that are called like columns. */
export function rowsFilter(members: readonly [string, unknown][], columns: readonly ColumnReport[], profile: Profile): RowsFilter {
  const used = new Set<string>();
  const where = new Map<string, Where[string]>();
  let [start, end]: [[string, unknown] | undefined, [string, unknown] | undefined] = [undefined, undefined];
  for (const member of members) {
    const [name, value] = member;
    if (value === null || value === undefined || value === '') continue;
    const plain = normalizedName(name);
    const isColumn = columns.some((column) => column.name === name) && !isKindOfPlot(name, value);
    // One year is a range on the column of time; a list or conditions can only be meant for a column of that name.
    if (plain === 'year' && !(isColumn && typeof value === 'object')) [start, end] = [member, member];
    else if (isColumn) {
      const condition = conditionOf(value);
      if (condition === undefined) continue;
      where.set(name, condition);
    } else if (starts.has(plain)) start ??= member;
    else if (ends.has(plain)) end ??= member;
    else continue;
    used.add(name);
  }
  const { condition, column, note } = rangeOf(start, end, columns, profile);
  if (column !== undefined) where.set(column, condition as Condition);
  return { where: Object.fromEntries(where), used, note };
}

function conditionOf(value: unknown): Where[string] | undefined {
  if (typeof value !== 'object') return value as Where[string];
  if (Array.isArray(value)) return value.every((one) => typeof one !== 'object') ? (value as Where[string]) : undefined;
  return value as Condition;
}

type Member = [name: string, value: unknown] | undefined;

function rangeOf(
  start: Member,
  end: Member,
  columns: readonly ColumnReport[],
  { timeColumn }: Profile,
): { column?: string; condition?: Condition; note: string | undefined } {
  if (start === undefined && end === undefined) return { note: undefined };
  const column =
    columns.find(({ name }) => name === start?.[0]) ??
    columns.find(({ name }) => name === timeColumn) ??
    columns.find(({ type }) => type === 'time') ??
    columns.find(({ name }) => normalizedName(name) === 'year');
  const names = [...new Set([start?.[0], end?.[0]])].filter((name) => name !== undefined).join(' and ');
  if (column === undefined) {
    if (start !== undefined && end !== undefined && isAfter(start[1], end[1])) throw wrongWayRound(start, end);
    return { note: `The records have no column of time: ${names} chose none of them.` };
  }
  const [from, to] = [start && endOf(start, column, 'from'), end && endOf(end, column, 'to')];
  if (start !== undefined && end !== undefined && from !== undefined && to !== undefined && from > to) throw wrongWayRound(start, end);
  const written = (value: number | string) => (column.type === 'time' ? new Date(value).toISOString() : value);
  return {
    column: column.name,
    condition: { ...(from === undefined ? {} : { gte: written(from) }), ...(to === undefined ? {} : { lte: written(to) }) },
    note: undefined,
  };
}

const wrongWayRound = ([start, from]: [string, unknown], [end, to]: [string, unknown]): ProblemError =>
  new ProblemError('invalid-body', `${start} ${shown(from)} is after ${end} ${shown(to)}: give the earlier one first.`);

/** Whether a range is the wrong way round, where no column says what its ends are: numbers or times. */
function isAfter(start: unknown, end: unknown): boolean {
  const [first, last] = [numberOf(start), numberOf(end)];
  if (first !== undefined && last !== undefined) return first > last;
  const [from, to] = [periodOf(start)?.from, periodOf(end)?.to];
  return from !== undefined && to !== undefined && from > to;
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'number' || isNumberText(String(value).trim()) ? Number(value) : undefined;
  return number !== undefined && Number.isFinite(number) ? number : undefined;
}

/** One end of the range, as the column's values compare. */
function endOf([name, value]: [string, unknown], { type }: ColumnReport, side: 'from' | 'to'): number | string {
  const period = periodOf(value);
  if (type === 'time') {
    if (period !== undefined) return period[side];
    throw new ProblemError(
      'invalid-body',
      `${name}: ${shown(value)} is not a time; write 2001, 2001-03, 2001-03-05 or 2001-03-05T12:00:00Z.`,
    );
  }
  if (type !== 'integer' && type !== 'number') return String(value);
  const number = numberOf(value);
  if (number !== undefined) return number;
  if (period !== undefined) return new Date(period[side]).getUTCFullYear();
  throw new ProblemError('invalid-body', `${name}: ${shown(value)} is not a number; write one, e.g. 2001.`);
}
