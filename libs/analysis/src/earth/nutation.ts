import { arcsecond } from './angles.ts';
import type { DelaunayArguments } from './delaunay-arguments.ts';
import { nutationTerms } from './nutation-terms.ts';

/** How far the axes of date nod from their mean place, in radians. */
export interface Nutation {
  longitude: number;
  obliquity: number;
}

const unit = 1e-7 * arcsecond;
/** In place of the planets' small terms (Luzum 2001, for use with frame bias and precession applied apart). */
const planetaryLongitude = -0.000135 * arcsecond;
const planetaryObliquity = 0.000388 * arcsecond;

/**
 * Nutation IAU 2000B (77 terms, within 1 milliarcsecond = 3 cm at the ISS of the 1,400 terms of 2000A, 1995-2050) at t Julian centuries
 * TT since J2000.0, adjusted to the precession of IAU 2006 (Wallace & Capitaine 2006, Astron. Astrophys. 459, 981, eq. 5).
 */
export function nutation(t: number, { moonAnomaly, sunAnomaly, moonFromNode, moonFromSun, node }: DelaunayArguments): Nutation {
  let longitude = 0;
  let obliquity = 0;
  for (const [l, lPrime, f, d, omega, longSin, longTSin, longCos, oblCos, oblTCos, oblSin] of nutationTerms) {
    const angle = l * moonAnomaly + lPrime * sunAnomaly + f * moonFromNode + d * moonFromSun + omega * node;
    const sin = Math.sin(angle);
    const cos = Math.cos(angle);
    longitude += (longSin + longTSin * t) * sin + longCos * cos;
    obliquity += (oblCos + oblTCos * t) * cos + oblSin * sin;
  }
  // The Earth's flattening shrinks slowly, and the newer obliquity of the ecliptic is a little smaller.
  const flattening = -2.7774e-6 * t;
  return {
    longitude: (longitude * unit + planetaryLongitude) * (1 + 0.4697e-6 + flattening),
    obliquity: (obliquity * unit + planetaryObliquity) * (1 + flattening),
  };
}
