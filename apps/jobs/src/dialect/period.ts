import { parseTime } from '@almanac/domain';

/** The stretch of time that a text or a number names, in milliseconds UTC, both ends within it. */
export interface Period {
  from: number;
  to: number;
}

/** `2001`, `2001-03`, `2001-03-05`, `3/5/2001` or a time as ISO 8601 and CCSDS 502.0-B write it; undefined for anything else. */
export function periodOf(value: unknown): Period | undefined {
  const text = String(value).trim();
  const [, year, month] = /^(\d{4})(?:-(\d{2}))?$/.exec(text) ?? [];
  if (year !== undefined) return monthOrYear(Number(year), month === undefined ? undefined : Number(month));
  const [, m, d, y] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const written = y === undefined ? text : `${y}-${m?.padStart(2, '0')}-${d?.padStart(2, '0')}`;
  const at = parseTime(written);
  if (at === undefined) return undefined;
  return { from: at, to: /^\d{4}-\d{2}-\d{2}$/.test(written) ? at + 86_400_000 - 1 : at };
}

function monthOrYear(year: number, month: number | undefined): Period | undefined {
  if (month !== undefined && (month < 1 || month > 12)) return undefined;
  const from = startOfMonth(year, (month ?? 1) - 1);
  const next = month === undefined ? startOfMonth(year + 1, 0) : startOfMonth(year, month);
  return { from, to: next - 1 };
}

/** `month` counts from 0, and 12 is the next January. Date.UTC would take the years 0 to 99 for 1900 to 1999. */
const startOfMonth = (year: number, month: number): number => new Date(0).setUTCFullYear(year, month, 1);
