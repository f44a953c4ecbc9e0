import { positiveAngle, turn } from './angles.ts';
import { cioLocator } from './cio-locator.ts';
import type { DelaunayArguments } from './delaunay-arguments.ts';
import { daysSinceJ2000, type JulianDate } from './julian-date.ts';
import type { Rotation } from './rotation.ts';
import { dot, type Vector } from './vector.ts';

const turnsAtJ2000 = 0.779057273264;
const turnsPerDayBeyondOne = 0.00273781191135448;
const secondsPerDay = 86_400;

/** How fast the Earth turns, in radians a second of UT1. */
export const earthSpinRadPerS = (turn * (1 + turnsPerDayBeyondOne)) / secondsPerDay;

/**
 * The Earth rotation angle in radians, [0, 2 pi), from UT1 (Capitaine, Guinot & McCarthy 2000, Astron. Astrophys. 355, 398;
 * IERS Conventions 2010, eq. 5.15).
 */
export function earthRotationAngle(ut1: JulianDate): number {
  // Whole turns are left out, so that no digits go into them.
  const turnsOfDay = (ut1.midnight % 1) + ut1.fraction;
  return positiveAngle(turn * (turnsOfDay + turnsAtJ2000 + turnsPerDayBeyondOne * daysSinceJ2000(ut1)));
}

/**
 * Greenwich apparent sidereal time in radians, [0, 2 pi): the angle from the true equinox to the meridian of Greenwich at UT1, for the
 * axes of date `toTrue` at t Julian centuries TT since J2000.0 (GST06; Wallace & Capitaine 2006, Astron. Astrophys. 459, 981, eq. 14, 16).
 */
export function greenwichApparentSiderealTime(ut1: JulianDate, t: number, delaunay: DelaunayArguments, toTrue: Rotation): number {
  const pole = toTrue[2];
  return positiveAngle(earthRotationAngle(ut1) - equationOfOrigins(toTrue, cioLocator(t, delaunay, pole[0], pole[1])));
}

/** The angle on the equator of date from the true equinox to the CIO, negative: ERA - GST. */
function equationOfOrigins([equinox, quarter, pole]: Rotation, locator: number): number {
  const ax = pole[0] / (1 + pole[2]);
  const sigma: Vector = [1 - ax * pole[0], -ax * pole[1], -pole[0]];
  return locator - Math.atan2(dot(quarter, sigma), dot(equinox, sigma));
}
