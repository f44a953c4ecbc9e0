/** TAI - UTC in seconds from 00:00 UTC of each day on (IERS Bulletin C; none is announced after 2017). A new leap second is a new line. */
const leapSeconds = [
  ['1972-01-01', 10],
  ['1972-07-01', 11],
  ['1973-01-01', 12],
  ['1974-01-01', 13],
  ['1975-01-01', 14],
  ['1976-01-01', 15],
  ['1977-01-01', 16],
  ['1978-01-01', 17],
  ['1979-01-01', 18],
  ['1980-01-01', 19],
  ['1981-07-01', 20],
  ['1982-07-01', 21],
  ['1983-07-01', 22],
  ['1985-07-01', 23],
  ['1988-01-01', 24],
  ['1990-01-01', 25],
  ['1991-01-01', 26],
  ['1992-07-01', 27],
  ['1993-07-01', 28],
  ['1994-07-01', 29],
  ['1996-01-01', 30],
  ['1997-07-01', 31],
  ['1999-01-01', 32],
  ['2006-01-01', 33],
  ['2009-01-01', 34],
  ['2012-07-01', 35],
  ['2015-07-01', 36],
  ['2017-01-01', 37],
] as const;

const newestFirst = leapSeconds.map(([day, seconds]) => ({ fromMs: Date.parse(day), seconds })).reverse();

/**
 * TAI - UTC in seconds at a time in milliseconds since 1970 UTC. Such a count has no room for a leap second: 23:59:60 is the same number
 * as the 00:00:00 after it, and counts as that. Before 1972 UTC ran at other rates; the first value stands there (up to 10 s too large,
 * which turns the precessing and nodding axes by less than 0.05 milliarcseconds, a millimetre and a half at the ISS).
 */
export function taiMinusUtcSeconds(timeMs: number): number {
  for (const { fromMs, seconds } of newestFirst) if (timeMs >= fromMs) return seconds;
  return leapSeconds[0][1];
}
