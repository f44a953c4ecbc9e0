import { arcsecond } from './angles.ts';
import { celestialToTrue } from './celestial-to-true.ts';
import { delaunayArguments } from './delaunay-arguments.ts';
import { type EarthOrientation, earthOrientationAt } from './earth-orientation.ts';
import type { State } from './ephemeris.ts';
import { centuriesSinceJ2000, ttJulianDate, ut1JulianDate } from './julian-date.ts';
import { product, type Rotation, rotate, rotationAboutX, rotationAboutY, rotationAboutZ } from './rotation.ts';
import { earthSpinRadPerS, greenwichApparentSiderealTime } from './sidereal-time.ts';
import { cross, minus, type Vector } from './vector.ts';

/** How the Earth stands and turns at one moment. */
export interface EarthRotation {
  /** from the GCRS (of which EME2000 is within 23 milliarcseconds, 0.8 m at the ISS, and taken as the same) to the Earth-fixed ITRS */
  toEarth: Rotation;
  /** the Earth's spin as a vector in the ITRS, radians a second */
  spinRadPerS: Vector;
}

/**
 * The Earth's rotation at a time in milliseconds since 1970 UTC: IAU 2006 precession, IAU 2000B nutation, GST06 and polar motion
 * (IERS Conventions 2010, chapter 5, by the equinox). Within some 4 cm at the ISS of IAU 2006/2000A, besides what the orientation adds.
 */
export function earthRotationAt(timeMs: number, orientation: EarthOrientation = earthOrientationAt(timeMs)): EarthRotation {
  const t = centuriesSinceJ2000(ttJulianDate(timeMs));
  const delaunay = delaunayArguments(t);
  const toTrue = celestialToTrue(t, delaunay);
  const siderealTime = greenwichApparentSiderealTime(ut1JulianDate(timeMs, orientation.ut1MinusUtcSeconds), t, delaunay, toTrue);
  const toPole = polarMotion(orientation, t);
  return {
    toEarth: product(toPole, rotationAboutZ(siderealTime), toTrue),
    spinRadPerS: rotate(toPole, [0, 0, earthSpinRadPerS]),
  };
}

/**
 * From the axes of the moving pole to the Earth's own, with the 47 microarcseconds a century by which the origin of longitude drifts
 * (IERS Conventions 2010, eq. 5.3 and 5.13).
 */
function polarMotion({ poleXArcsec, poleYArcsec }: EarthOrientation, t: number): Rotation {
  return product(
    rotationAboutX(-poleYArcsec * arcsecond),
    rotationAboutY(-poleXArcsec * arcsecond),
    rotationAboutZ(-47e-6 * t * arcsecond),
  );
}

/** A state of EME2000 in the turning Earth's own axes (ITRS): if it is above the ground and how it moves over it. */
export function toEarthFixed({ timeMs, positionKm, velocityKmPerS }: State, { toEarth, spinRadPerS }: EarthRotation): State {
  const position = rotate(toEarth, positionKm);
  return { timeMs, positionKm: position, velocityKmPerS: minus(rotate(toEarth, velocityKmPerS), cross(spinRadPerS, position)) };
}
