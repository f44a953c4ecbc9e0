import type { Vector } from './vector.ts';

/** Where a body is and how it moves at one time, in one frame: an ephemeris' own or, after `toEarthFixed`, the Earth's. */
export interface State {
  /** milliseconds since 1970 UTC */
  timeMs: number;
  positionKm: Vector;
  velocityKmPerS: Vector;
}

/** States of one body as columns, in order of time: n times, and of each kind 3n numbers (x, y, z of the first, then the second, ...). */
export interface Ephemeris {
  /** milliseconds since 1970 UTC, each later than the one before */
  readonly timesMs: Float64Array;
  readonly positionsKm: Float64Array;
  readonly velocitiesKmPerS: Float64Array;
}

/** The last time that a date can show. */
const latestMs = 8.64e15;

/** Columns as an ephemeris, without copying. Throws a RangeError that names the first place at which they are invalid. */
export function ephemerisOf(timesMs: Float64Array, positionsKm: Float64Array, velocitiesKmPerS: Float64Array): Ephemeris {
  const n = timesMs.length;
  for (const [name, { length }] of Object.entries({ positionsKm, velocitiesKmPerS })) {
    if (length !== 3 * n) throw new RangeError(`${n} times need ${3 * n} numbers in ${name}, not ${length}`);
  }
  timesMs.forEach((time, i) => {
    if (!(Math.abs(time) <= latestMs)) throw new RangeError(`state ${i} has no time`);
    if (i > 0 && !(time > (timesMs[i - 1] as number))) throw new RangeError(`state ${i} at ${iso(time)} is not later than the one before`);
  });
  for (const values of [positionsKm, velocitiesKmPerS]) {
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new RangeError(`state ${Math.floor(bad / 3)} at ${iso(timesMs[Math.floor(bad / 3)] as number)} lacks a number`);
  }
  return { timesMs, positionsKm, velocitiesKmPerS };
}

const iso = (timeMs: number): string => new Date(timeMs).toISOString();

/** The i-th three of a column of positions or velocities. */
export const vectorAt = (values: Float64Array, i: number): Vector => [
  values[3 * i] as number,
  values[3 * i + 1] as number,
  values[3 * i + 2] as number,
];

/** The state at a place of the list, which must exist. */
export const stateAt = ({ timesMs, positionsKm, velocitiesKmPerS }: Ephemeris, i: number): State => ({
  timeMs: timesMs[i] as number,
  positionKm: vectorAt(positionsKm, i),
  velocityKmPerS: vectorAt(velocitiesKmPerS, i),
});
