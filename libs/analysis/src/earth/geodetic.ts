import { degree, longitudeInRange } from './angles.ts';
import { norm, type Vector } from './vector.ts';

/** A place by the ellipsoid of WGS84. */
export interface GeodeticPlace {
  /** north positive, -90 to 90 */
  latitudeDeg: number;
  /** east positive, (-180, 180]; 0 at the poles */
  longitudeDeg: number;
  /** above the ellipsoid, not above sea level or ground */
  heightKm: number;
}

/** WGS84's equatorial radius in km and flattening (NIMA TR8350.2). */
const equatorKm = 6378.137;
const flattening = 1 / 298.257223563;
const eccentricitySquared = flattening * (2 - flattening);
const polarKm = equatorKm * (1 - flattening);
const secondEccentricitySquared = eccentricitySquared / (1 - eccentricitySquared);

/** Nearer to the centre than this a point can lie straight below more than one place. */
const innermostKm = 50;

/**
 * The place of an Earth-fixed Cartesian position in km (Bowring 1976, Survey Review 23, 323, taken three times: exact to the digits of a
 * number, 7 nm at the ISS, from below the ground to beyond the Moon). Throws a RangeError within 50 km of the Earth's centre, beyond
 * 1e154 km and for what is not a number.
 */
export function geodeticOf(positionKm: Vector): GeodeticPlace {
  const [x, y, z] = positionKm;
  const fromCentre = norm(positionKm);
  if (!(fromCentre >= innermostKm && fromCentre < Number.POSITIVE_INFINITY)) {
    const why = fromCentre < innermostKm ? `within ${innermostKm} km of the Earth's centre` : 'beyond what can be computed';
    throw new RangeError(`no latitude at (${positionKm.join(', ')}) km: ${why}`);
  }
  const fromAxis = Math.hypot(x, y);
  let reduced = Math.atan2(z * equatorKm, fromAxis * polarKm);
  let latitude = 0;
  for (let round = 0; round < 3; round++) {
    const north = z + secondEccentricitySquared * polarKm * Math.sin(reduced) ** 3;
    const outward = fromAxis - eccentricitySquared * equatorKm * Math.cos(reduced) ** 3;
    latitude = Math.atan2(north, outward);
    reduced = Math.atan2((1 - flattening) * Math.sin(latitude), Math.cos(latitude));
  }
  const sin = Math.sin(latitude);
  return {
    latitudeDeg: latitude / degree,
    longitudeDeg: longitudeInRange(Math.atan2(y, x) / degree),
    // This form, unlike the division by cos or sin, keeps its digits at every latitude.
    heightKm: fromAxis * Math.cos(latitude) + z * sin - equatorKm * Math.sqrt(1 - eccentricitySquared * sin * sin),
  };
}

/** The Earth-fixed Cartesian position in km of a place. */
export function cartesianOf({ latitudeDeg, longitudeDeg, heightKm }: GeodeticPlace): Vector {
  const sin = Math.sin(latitudeDeg * degree);
  const cos = Math.cos(latitudeDeg * degree);
  const toAxis = equatorKm / Math.sqrt(1 - eccentricitySquared * sin * sin);
  const fromAxis = (toAxis + heightKm) * cos;
  return [
    fromAxis * Math.cos(longitudeDeg * degree),
    fromAxis * Math.sin(longitudeDeg * degree),
    (toAxis * (1 - eccentricitySquared) + heightKm) * sin,
  ];
}
