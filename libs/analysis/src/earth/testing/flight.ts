import { type Ephemeris, ephemerisOf, type State } from '../ephemeris.ts';
import { gravityKmPerS2 } from '../gravity.ts';
import { norm, type Vector } from '../vector.ts';

/** A burn along the flight. */
export interface Burn {
  fromMs: number;
  untilMs: number;
  pushKmPerS2: number;
}

const longestStepMs = 2000;

/** A flight under the Earth's flattened gravity, with burns, by Runge and Kutta: the states at ascending times after that of the first. */
export function fly(start: State, timesMs: readonly number[], burns: readonly Burn[] = []): State[] {
  const stops = burns.flatMap(({ fromMs, untilMs }) => [fromMs, untilMs]);
  let state = start;
  return timesMs.map((timeMs) => {
    // No step may reach over the moment at which the engines start or stop.
    const turns = [...stops.filter((stop) => stop > state.timeMs && stop < timeMs), timeMs].sort((a, b) => a - b);
    for (const turn of turns) {
      const steps = Math.ceil((turn - state.timeMs) / longestStepMs);
      const stepMs = (turn - state.timeMs) / steps;
      const burn = burns.find(({ fromMs, untilMs }) => fromMs <= state.timeMs && state.timeMs < untilMs);
      for (let i = 0; i < steps; i++) state = step(state, stepMs / 1000, burn?.pushKmPerS2 ?? 0);
      state = { ...state, timeMs: turn };
    }
    return state;
  });
}

const plus = (a: Vector, b: Vector, times: number): Vector => [a[0] + b[0] * times, a[1] + b[1] * times, a[2] + b[2] * times];

function step({ timeMs, positionKm, velocityKmPerS }: State, s: number, push: number): State {
  const pull = (position: Vector, velocity: Vector): Vector => plus(gravityKmPerS2(position), velocity, push / norm(velocity));
  const [r1, v1] = [positionKm, velocityKmPerS];
  const a1 = pull(r1, v1);
  const v2 = plus(v1, a1, s / 2);
  const a2 = pull(plus(r1, v1, s / 2), v2);
  const v3 = plus(v1, a2, s / 2);
  const a3 = pull(plus(r1, v2, s / 2), v3);
  const v4 = plus(v1, a3, s);
  const a4 = pull(plus(r1, v3, s), v4);
  const mean = (a: Vector, b: Vector, c: Vector, d: Vector): Vector =>
    plus(plus(plus(plus([0, 0, 0], a, 1 / 6), b, 1 / 3), c, 1 / 3), d, 1 / 6);
  return {
    timeMs: timeMs + s * 1000,
    positionKm: plus(r1, mean(v1, v2, v3, v4), s),
    velocityKmPerS: plus(v1, mean(a1, a2, a3, a4), s),
  };
}

/** A real state of the ISS (2024-02-21T12:00 UTC, NASA's ephemeris 2024-052), to start a flight from. */
export const issState: State = {
  timeMs: Date.UTC(2024, 1, 21, 12),
  positionKm: [4721.51057987391, 2692.6387190393, -4082.35027404087],
  velocityKmPerS: [-5.46142072497894, 3.72333576790653, -3.86183064840282],
};

/** States as the columns of an ephemeris. */
export const ephemerisOfStates = (states: readonly State[]): Ephemeris =>
  ephemerisOf(
    Float64Array.from(states, ({ timeMs }) => timeMs),
    Float64Array.from(states.flatMap(({ positionKm }) => positionKm)),
    Float64Array.from(states.flatMap(({ velocityKmPerS }) => velocityKmPerS)),
  );
