import { scaleUtc } from 'd3-scale';
import { utcFormat } from 'd3-time-format';
import type { Domain } from '../../figure.ts';
import { MINUS } from '../../text.ts';
import { noTicks, type Ticks } from './ticks.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
/**
 * Ticks keep a year away from the first and last moment that a Date can hold: the search for the next one steps beyond the last, and would
 * never end if no Date followed.
 */
const LAST = 8.64e15 - 366 * DAY;

/** For steps below `below`: what each label says, what a second line says where it begins, what the axis label says. */
const levels = [
  { below: SECOND, fine: '%H:%M:%S.%L', coarse: '', rest: '%-d %b %Y' },
  { below: MINUTE, fine: '%H:%M:%S', coarse: '', rest: '%-d %b %Y' },
  { below: DAY, fine: '%H:%M', coarse: '%-d %b', rest: '%Y' },
  { below: 27 * DAY, fine: '%-d %b', coarse: '%Y', rest: '' },
  { below: 360 * DAY, fine: '%b', coarse: '%Y', rest: '' },
  { below: Infinity, fine: '%Y', coarse: '', rest: '' },
] as const;

/** Labels say only what changes; a second line names the day or year where it begins; the suffix holds what all have in common. */
export function timeTicks(limits: Domain, want: number): Ticks {
  const [least, greatest] = limits.map((limit) => Math.min(LAST, Math.max(-LAST, limit))) as [number, number];
  if (!(least < greatest)) return noTicks;
  const values = dayTicks([least, greatest], want) ?? scaleUtc([least, greatest], [0, 1]).ticks(want).map(Number);
  const step = values.length > 1 ? values[1]! - values[0]! : greatest - least;
  const level = levels.find(({ below }) => step < below) ?? levels[levels.length - 1]!;
  const write = (format: string, at: number): string => (format === '' ? '' : utcFormat(format.replace('%Y', yearOf(at)))(new Date(at)));
  // The ticks decide, not the limits: a margin that reaches into the day before is no reason to name two days.
  const [first, last] = [values[0] ?? least, values.at(-1) ?? greatest];
  const isOneContext = write(level.coarse, first) === write(level.coarse, last);
  let before = '';
  const major = values.map((at) => {
    const context = isOneContext ? '' : write(level.coarse, at);
    const label = context === before ? [write(level.fine, at)] : [write(level.fine, at), context];
    before = context;
    return { at, label };
  });
  const [from, to] = [write(level.rest, first), write(level.rest, last)];
  const common = [isOneContext ? write(level.coarse, first) : '', from === to ? to : `${from} to ${to}`].filter(Boolean).join(' ');
  return { ...noTicks, major, suffix: [common, step < 27 * DAY ? 'UTC' : ''].filter(Boolean).join(', ') };
}

/** The whole year: d3 writes the last four digits. */
function yearOf(at: number): string {
  const year = new Date(at).getUTCFullYear();
  return year < 0 || year > 9999 ? String(year).replace('-', MINUS) : '%Y';
}

/** Every 1, 2, 3 ... days from the first midnight on; undefined if hours or months divide the range better. */
function dayTicks([least, greatest]: Domain, want: number): number[] | undefined {
  const days = (greatest - least) / DAY;
  const every = [1, 2, 3, 4, 5, 7, 10, 14].find((step) => days / step <= want);
  if (every === undefined || days < want * 0.7) return undefined;
  const first = Math.ceil(least / DAY);
  const count = Math.floor((greatest / DAY - first) / every) + 1;
  return Array.from({ length: count }, (_, i) => (first + i * every) * DAY);
}
