import { hermiteAtZero } from '../src/earth/hermite.ts';
import { ephemerisOfStates } from '../src/earth/testing/flight.ts';
import { type Ephemeris, interpolate, type State, stateAt, type Vector } from '../src/index.ts';
import { Errors, type Table, thousandthsApart } from './errors.ts';
import { stepS } from './left-out.ts';

export const betweenHead = ['', 'times', 'max m', 'rms m', 'max mm/s', 'rms mm/s'];

const usualS = 240;
const parts = [0.11, 0.29, 0.5, 0.71, 0.89];

/**
 * Times between epochs against the polynomial of degree 15 through 8 states, 4 on each side (itself good to about 1 cm): amid usual
 * steps; with one side hidden, as at the ends of a span and where a burn starts or stops; and beside the single short steps of events.
 */
export function betweenErrors(ephemerides: readonly Ephemeris[]): Table {
  const amid = [new Errors(), new Errors()] as const;
  const oneSided = [new Errors(), new Errors()] as const;
  const besideEvents = [new Errors(), new Errors()] as const;
  for (const ephemeris of ephemerides)
    for (let i = 3; i < ephemeris.timesMs.length - 4; i++) {
      if (stepS(ephemeris, i) !== usualS) continue;
      const around = fourEachSide(ephemeris, i);
      if (around === undefined) continue;
      const [left, right] = [around[0] as number, around[7] as number];
      const isUsual = right - left === 7;
      if (isUsual) {
        look(amid, ephemeris, i, around, ephemeris);
        look(oneSided, ephemeris, i, around, part(ephemeris, i, i + 8));
        look(oneSided, ephemeris, i, around, part(ephemeris, i - 7, i + 1));
      } else look(besideEvents, ephemeris, i, around, ephemeris);
    }
  return [
    ['amid usual 4-minute steps', ...cells(amid)],
    ['as at the ends and beside burns (states on one side only)', ...cells(oneSided)],
    ["beside events' single short steps", ...cells(besideEvents)],
  ];
}

const cells = ([position, velocity]: readonly [Errors, Errors]): string[] => [
  String(position.count),
  ...position.cells(4),
  ...velocity.cells(3),
];

function look([position, velocity]: readonly [Errors, Errors], whole: Ephemeris, i: number, around: number[], seen: Ephemeris): void {
  for (const share of parts) {
    const timeMs = Math.round((whole.timesMs[i] as number) + share * usualS * 1000);
    const truth = through(whole, around, timeMs);
    const ours = interpolate(seen, timeMs) as State;
    position.add(thousandthsApart(ours.positionKm, truth.position));
    velocity.add(1000 * thousandthsApart(ours.velocityKmPerS, truth.velocity));
  }
}

/** Four states to each side of interval `i`, passing over those less than 100 s on (an event's lie on the same orbit); not near burns. */
function fourEachSide({ timesMs }: Ephemeris, i: number): number[] | undefined {
  const chosen = [i, i + 1];
  const isFar = (a: number, b: number) => Math.abs((timesMs[a] as number) - (timesMs[b] as number)) >= 100_000;
  for (let k = i - 1; k >= 0 && chosen.length < 5; k--) if (isFar(k, chosen[0] as number)) chosen.unshift(k);
  for (let k = i + 2; k < timesMs.length && chosen.length < 8; k++) if (isFar(k, chosen.at(-1) as number)) chosen.push(k);
  return chosen.length === 8 && (chosen[7] as number) - (chosen[0] as number) <= 9 ? chosen : undefined;
}

function part(ephemeris: Ephemeris, first: number, last: number): Ephemeris {
  const kept = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((i) => i >= 0 && i < ephemeris.timesMs.length);
  return ephemerisOfStates(kept.map((i) => stateAt(ephemeris, i)));
}

function through(ephemeris: Ephemeris, indices: readonly number[], timeMs: number): { position: Vector; velocity: Vector } {
  const states = indices.map((i) => stateAt(ephemeris, i));
  const along = (axis: 0 | 1 | 2) =>
    hermiteAtZero(
      states.map((state) => ({
        time: (state.timeMs - timeMs) / (usualS * 1000),
        derivatives: [state.positionKm[axis], state.velocityKmPerS[axis] * usualS],
      })),
    );
  const [x, y, z] = [along(0), along(1), along(2)];
  return { position: [x.value, y.value, z.value], velocity: [x.derivative / usualS, y.derivative / usualS, z.derivative / usualS] };
}
