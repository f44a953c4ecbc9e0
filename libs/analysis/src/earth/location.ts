import { type EarthOrientation, earthOrientationAt } from './earth-orientation.ts';
import { earthRotationAt, toEarthFixed } from './earth-rotation.ts';
import type { State } from './ephemeris.ts';
import { type GeodeticPlace, geodeticOf } from './geodetic.ts';
import { norm, type Vector } from './vector.ts';

/** Where a state is above the Earth and how fast it moves. */
export interface Location extends GeodeticPlace {
  timeMs: number;
  /** in the ITRS */
  earthFixedPositionKm: Vector;
  /** over the turning Earth, in the ITRS */
  earthFixedVelocityKmPerS: Vector;
  /** among the stars: the length of the state's velocity */
  speedKmPerS: number;
  /** over the turning Earth */
  groundFixedSpeedKmPerS: number;
  /** what was known of the Earth's orientation */
  orientation: EarthOrientation;
}

/** The location of a state of EME2000 (km, km/s, UTC): within half a metre of astropy's if the Earth's orientation is known. */
export function locationOf(state: State, orientation: EarthOrientation = earthOrientationAt(state.timeMs)): Location {
  const { timeMs, positionKm, velocityKmPerS } = toEarthFixed(state, earthRotationAt(state.timeMs, orientation));
  return {
    timeMs,
    ...geodeticOf(positionKm),
    earthFixedPositionKm: positionKm,
    earthFixedVelocityKmPerS: velocityKmPerS,
    speedKmPerS: norm(state.velocityKmPerS),
    groundFixedSpeedKmPerS: norm(velocityKmPerS),
    orientation,
  };
}
