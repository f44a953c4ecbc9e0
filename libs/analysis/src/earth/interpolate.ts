import { type Ephemeris, type State, stateAt } from './ephemeris.ts';
import { lastAtOrBefore } from './epochs.ts';
import { gravityKmPerS2 } from './gravity.ts';
import { hermiteAtZero } from './hermite.ts';
import { knotWindow } from './knot-window.ts';
import type { Vector } from './vector.ts';

/** How a state between two others was found. */
export type InterpolationMethod = 'exact' | 'hermite-7' | 'quintic-j2' | 'cubic-hermite';

export interface InterpolatedState extends State {
  method: InterpolationMethod;
  /** how many states of the ephemeris it rests on */
  knots: number;
}

const fullWindow = 4;
/** Over steps no longer than this a cubic is exact to 2 cm; and they occur in burns, where gravity's acceleration alone would be wrong. */
const shortStepMs = 30_000;
const msPerSecond = 1000;

/**
 * The state of an ephemeris of the Earth (km, km/s, an equatorial inertial frame) at a time in milliseconds since 1970 UTC; undefined
 * outside its span, for nothing is ever extrapolated. At an epoch it is the state itself; else Hermite's polynomial of degree 7 through
 * four states with like steps between them (1 cm at the ISS with 4-minute steps, at most 6; 0.4 m where all lie to one side); where there
 * are no four, a quintic between the two neighbours with gravity's acceleration, or over 30 s or less a cubic. The velocity is the
 * polynomial's derivative.
 */
export function interpolate(ephemeris: Ephemeris, timeMs: number): InterpolatedState | undefined {
  const { timesMs } = ephemeris;
  const before = lastAtOrBefore(timesMs, timeMs);
  if (before < 0) return undefined;
  if (timesMs[before] === timeMs) return { ...stateAt(ephemeris, before), method: 'exact', knots: 1 };
  if (before === timesMs.length - 1) return undefined;
  const stepMs = (timesMs[before + 1] as number) - (timesMs[before] as number);
  const { first, last } = knotWindow(timesMs, before, fullWindow);
  if (last - first + 1 === fullWindow) return through(states(ephemeris, first, last), timeMs, stepMs, 'hermite-7');
  return through(states(ephemeris, before, before + 1), timeMs, stepMs, stepMs <= shortStepMs ? 'cubic-hermite' : 'quintic-j2');
}

const states = (ephemeris: Ephemeris, first: number, last: number): State[] =>
  Array.from({ length: last - first + 1 }, (_, i) => stateAt(ephemeris, first + i));

function through(knots: readonly State[], timeMs: number, stepMs: number, method: InterpolationMethod): InterpolatedState {
  // Time runs from the wanted moment in units of the step, so that the differences neither grow nor vanish.
  const unitS = stepMs / msPerSecond;
  const accelerations = method === 'quintic-j2' ? knots.map(({ positionKm }) => gravityKmPerS2(positionKm)) : [];
  const along = (axis: 0 | 1 | 2) =>
    hermiteAtZero(
      knots.map((knot, i) => {
        const acceleration = accelerations[i];
        return {
          time: (knot.timeMs - timeMs) / stepMs,
          derivatives: [
            knot.positionKm[axis],
            knot.velocityKmPerS[axis] * unitS,
            ...(acceleration === undefined ? [] : [acceleration[axis] * unitS * unitS]),
          ],
        };
      }),
    );
  const [x, y, z] = [along(0), along(1), along(2)];
  const velocity: Vector = [x.derivative / unitS, y.derivative / unitS, z.derivative / unitS];
  return { timeMs, positionKm: [x.value, y.value, z.value], velocityKmPerS: velocity, method, knots: knots.length };
}
