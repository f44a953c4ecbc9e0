type Vector = [x: number, y: number, z: number];

/** Of a body above the Earth, in an inertial frame of its equator. */
export interface OrbitState {
  positionKm: Vector;
  velocityKmPerS: Vector;
}

/** The Earth's gravity (WGS84/EGM96): km3/s2, km, and its flattening. */
const [MU, RADIUS_KM, J2] = [398_600.4418, 6378.1363, 1.0826269e-3];
/** Longest step of the integration; a step of 30 s is right to a millimetre at this height. */
const STEP_S = 30;

/** A round orbit, at its ascending node: height above the equator's radius, inclination and the node's right ascension. */
export function circularOrbit(heightKm: number, inclinationDeg: number, nodeDeg: number): OrbitState {
  const r = RADIUS_KM + heightKm;
  const v = Math.sqrt(MU / r);
  const [i, node] = [(inclinationDeg * Math.PI) / 180, (nodeDeg * Math.PI) / 180];
  return {
    positionKm: [r * Math.cos(node), r * Math.sin(node), 0],
    velocityKmPerS: [-v * Math.cos(i) * Math.sin(node), v * Math.cos(i) * Math.cos(node), v * Math.sin(i)],
  };
}

/** The state some seconds later under the pull of an oblate Earth (Runge and Kutta of fourth order). */
export function advanced(state: OrbitState, seconds: number): OrbitState {
  const steps = Math.max(1, Math.ceil(seconds / STEP_S));
  let now = state;
  for (let k = 0; k < steps; k++) now = step(now, seconds / steps);
  return now;
}

function step(state: OrbitState, h: number): OrbitState {
  const a = slope(state);
  const b = slope(moved(state, a, h / 2));
  const c = slope(moved(state, b, h / 2));
  const d = slope(moved(state, c, h));
  const mean = (k: keyof OrbitState): Vector => combine((i) => (a[k][i] + 2 * b[k][i] + 2 * c[k][i] + d[k][i]) / 6);
  return moved(state, { positionKm: mean('positionKm'), velocityKmPerS: mean('velocityKmPerS') }, h);
}

type Axis = 0 | 1 | 2;
const combine = (of: (i: Axis) => number): Vector => [of(0), of(1), of(2)];

const moved = ({ positionKm: p, velocityKmPerS: v }: OrbitState, by: OrbitState, h: number): OrbitState => ({
  positionKm: combine((i) => p[i] + h * by.positionKm[i]),
  velocityKmPerS: combine((i) => v[i] + h * by.velocityKmPerS[i]),
});

/** How position and velocity change each second. */
function slope({ positionKm: [x, y, z], velocityKmPerS }: OrbitState): OrbitState {
  const r2 = x * x + y * y + z * z;
  const pull = -MU / (r2 * Math.sqrt(r2));
  const flat = (1.5 * J2 * (RADIUS_KM * RADIUS_KM)) / r2;
  const polar = (5 * z * z) / r2;
  return {
    positionKm: velocityKmPerS,
    velocityKmPerS: [pull * x * (1 + flat * (1 - polar)), pull * y * (1 + flat * (1 - polar)), pull * z * (1 + flat * (3 - polar))],
  };
}
