import { usageError } from './failure.ts';

const units: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3_600e3, d: 86_400e3 };
/** The longest delay of a timer: 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** Parses `90s`, `5m`, `1h30m` or `1d`. Returns milliseconds. */
export function readTime(option: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)];
  const ms = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit as string] as number), 0);
  const isWhole = parts.map(([part]) => part).join('') === text;
  if (!isWhole || ms <= 0 || ms > LONGEST_MS)
    throw usageError(`--${option} ${text}: must be a duration such as 90s, 5m, 1h30m or 1d, at most 24d`);
  return ms;
}
