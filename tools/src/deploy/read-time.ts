import { misuse } from '../system/failure.ts';

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** `90s`, `5m`, `1h30m` in milliseconds. */
export function readTime(option: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smh])/g)];
  const ms = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit as string] as number), 0);
  if (parts.map(([part]) => part).join('') !== text || ms <= 0) throw misuse(`--${option} ${text}: write a time like 90s, 5m or 1h30m`);
  return ms;
}
