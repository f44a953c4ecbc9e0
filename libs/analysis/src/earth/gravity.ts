import type { Vector } from './vector.ts';

/** The Earth's gravity (km^3/s^2), the radius (km) that goes with its flattening, and the flattening itself: JGM-3 / EGM96. */
export const mu = 398_600.4418;
export const radiusKm = 6378.1363;
const j2 = 1.0826269e-3;

/**
 * The acceleration in km/s^2 that a round, flattened Earth gives at a position in km of an equatorial frame (Vallado, Fundamentals of
 * Astrodynamics, 4th ed., eq. 8-25). What it leaves out (the finer field, air, Moon and Sun) is some 2e-7 km/s^2 at the ISS.
 */
export function gravityKmPerS2([x, y, z]: Vector): Vector {
  const r2 = x * x + y * y + z * z;
  const pull = -mu / (r2 * Math.sqrt(r2));
  const flat = (1.5 * j2 * radiusKm * radiusKm) / r2;
  const polar = (5 * z * z) / r2;
  const across = pull * (1 + flat * (1 - polar));
  return [across * x, across * y, pull * (1 + flat * (3 - polar)) * z];
}
