import { taiMinusUtcSeconds } from './leap-seconds.ts';

/** A Julian date in two parts, in days: the midnight before (2460310.5 and so on) and what has passed since. In one it would lose 40 us. */
export interface JulianDate {
  midnight: number;
  fraction: number;
}

const msPerDay = 86_400_000;
const secondsPerDay = 86_400;
const midnightOf1970 = 2_440_587.5;
const midnightOfMjd0 = 2_400_000.5;
/** 2000-01-01T12:00 TT, the origin of time in the theories of precession, nutation and the Earth's rotation. */
const j2000 = 2_451_545;
const daysPerCentury = 36_525;

/** TT - TAI by definition (IAU 1991, resolution A4). */
const ttMinusTaiSeconds = 32.184;

/** The UTC Julian date of a time in milliseconds since 1970 UTC; days are taken as 86,400 s, also those with a leap second. */
export function utcJulianDate(timeMs: number): JulianDate {
  const days = Math.floor(timeMs / msPerDay);
  return { midnight: midnightOf1970 + days, fraction: (timeMs - days * msPerDay) / msPerDay };
}

const laterBy = ({ midnight, fraction }: JulianDate, seconds: number): JulianDate => ({
  midnight,
  fraction: fraction + seconds / secondsPerDay,
});

/** Terrestrial Time, the even scale by which precession and nutation run. The fraction may pass 1. */
export const ttJulianDate = (timeMs: number): JulianDate => laterBy(utcJulianDate(timeMs), taiMinusUtcSeconds(timeMs) + ttMinusTaiSeconds);

/** UT1, the angle of the Earth as a time of day, from UT1 - UTC in seconds at that time. The fraction may pass 0 or 1. */
export const ut1JulianDate = (timeMs: number, ut1MinusUtcSeconds: number): JulianDate => laterBy(utcJulianDate(timeMs), ut1MinusUtcSeconds);

/** Days since J2000.0 (2000-01-01T12:00 of the date's own scale). */
export const daysSinceJ2000 = ({ midnight, fraction }: JulianDate): number => midnight - j2000 + fraction;

/** Julian centuries since J2000.0. */
export const centuriesSinceJ2000 = (date: JulianDate): number => daysSinceJ2000(date) / daysPerCentury;

/** A UTC Julian date as a Modified Julian Date in one number, good to a microsecond. */
export const modifiedJulianDate = ({ midnight, fraction }: JulianDate): number => midnight - midnightOfMjd0 + fraction;
