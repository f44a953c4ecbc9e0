import { degree, longitudeInRange } from './angles.ts';
import { unknownEarthOrientation } from './earth-orientation.ts';
import { type EarthRotation, earthRotationAt, toEarthFixed } from './earth-rotation.ts';
import { type Ephemeris, type State, vectorAt } from './ephemeris.ts';
import { lastAtOrBefore } from './epochs.ts';
import { interpolate } from './interpolate.ts';
import { dot, type Vector } from './vector.ts';

/** A crossing of the equator from south to north. */
export interface AscendingNode {
  /** milliseconds since 1970 UTC */
  timeMs: number;
  /** (-180, 180], as NASA counts it: with UT1 = UTC and an unmoved pole, up to 0.004 degrees from where the ground truly is */
  longitudeDeg: number;
}

/**
 * The ascending node of an ephemeris that is closest to a time in milliseconds since 1970 UTC; undefined if its span has none. It is
 * computed as NASA does for the LAN(DEG) of its comments, so that the two can be compared: on the true equator of date with UT1 = UTC
 * and no polar motion. They agree within 0.00003 degrees; more than 0.001 says that states, frame or times were misunderstood.
 */
export function ascendingNodeNear(ephemeris: Ephemeris, timeMs: number): AscendingNode | undefined {
  const pole = axesOfNasa(timeMs).toEarth[2];
  const at = lastAtOrBefore(ephemeris.timesMs, timeMs);
  const nodes = [risingInterval(ephemeris, pole, at, -1), risingInterval(ephemeris, pole, at + 1, 1)]
    .filter((i) => i !== undefined)
    .map((i) => crossingWithin(ephemeris, i));
  const away = (node: AscendingNode): number => Math.abs(node.timeMs - timeMs);
  return nodes.toSorted((a, b) => away(a) - away(b))[0];
}

const axesOfNasa = (timeMs: number): EarthRotation => earthRotationAt(timeMs, unknownEarthOrientation);

/** The first state, walking one way from state `i`, at which the body is south of the equator while at the next it is not. */
function risingInterval({ timesMs, positionsKm }: Ephemeris, pole: Vector, i: number, way: 1 | -1): number | undefined {
  const isSouth = (at: number): boolean => dot(pole, vectorAt(positionsKm, at)) < 0;
  const last = timesMs.length - 2;
  for (let at = Math.min(i, last); at >= 0 && at <= last; at += way) if (isSouth(at) && !isSouth(at + 1)) return at;
  return undefined;
}

/** The crossing between states `i` and `i + 1`, by halves until no time lies between: some thirty looks, but it cannot go astray. */
function crossingWithin(ephemeris: Ephemeris, i: number): AscendingNode {
  let south = ephemeris.timesMs[i] as number;
  let north = ephemeris.timesMs[i + 1] as number;
  for (;;) {
    const middle = south + (north - south) / 2;
    if (middle <= south || middle >= north) break;
    if (earthFixedAt(ephemeris, middle)[2] < 0) south = middle;
    else north = middle;
  }
  const [x, y] = earthFixedAt(ephemeris, north);
  return { timeMs: north, longitudeDeg: longitudeInRange(Math.atan2(y, x) / degree) };
}

/** Where the body is in the axes of NASA's nodes; the time must be within the ephemeris. */
const earthFixedAt = (ephemeris: Ephemeris, timeMs: number): Vector =>
  toEarthFixed(interpolate(ephemeris, timeMs) as State, axesOfNasa(timeMs)).positionKm;
