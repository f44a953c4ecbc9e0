import { ephemerisOfStates } from '../src/earth/testing/flight.ts';
import { type Ephemeris, interpolate, stateAt } from '../src/index.ts';
import { Errors, type Table, thousandthsApart } from './errors.ts';

export const leftOutHead = ['', 'count', 'max m', 'rms m', 'max mm/s', 'rms mm/s', 'methods'];

export const stepS = ({ timesMs }: Ephemeris, i: number): number => ((timesMs[i + 1] ?? Number.NaN) - (timesMs[i] ?? Number.NaN)) / 1000;

const usualS = 240;
const isUnusual = (step: number): boolean => !Number.isNaN(step) && step !== usualS;

/** States by the gap they leave, which lies near an event or a burn unless it is two usual steps. */
const kinds = [
  { name: 'inside burns, gap up to 4 s', upToS: 4 },
  { name: 'edges of burns and short steps, gap up to 240 s', upToS: 240 },
  { name: 'event states, gap up to 300 s', upToS: 300 },
  { name: 'event states, gap up to 360 s', upToS: 360 },
  { name: 'event states, gap up to 475 s', upToS: 475 },
  { name: 'all steps usual, gap 480 s', upToS: 480 },
];

/** Real states left out one by one and found again from the others. */
export function leftOutErrors(ephemeris: Ephemeris): Table {
  const found = kinds.map(() => ({ position: new Errors(), velocity: new Errors(), methods: new Set<string>() }));
  for (let k = 1; k < ephemeris.timesMs.length - 1; k++) {
    const gap = stepS(ephemeris, k - 1) + stepS(ephemeris, k);
    const isUsual = ![-3, -2, -1, 0, 1, 2].some((d) => isUnusual(stepS(ephemeris, k + d)));
    const errors = found[kinds.findIndex(({ upToS }) => gap <= upToS)];
    if (errors === undefined || (gap === 2 * usualS && !isUsual)) continue;
    const state = stateAt(ephemeris, k);
    const ours = interpolate(without(ephemeris, k), state.timeMs);
    if (ours === undefined) throw new Error(`no interpolation at state ${k}`);
    errors.position.add(thousandthsApart(ours.positionKm, state.positionKm));
    errors.velocity.add(1000 * thousandthsApart(ours.velocityKmPerS, state.velocityKmPerS));
    errors.methods.add(ours.method);
  }
  return found.map(({ position, velocity, methods }, i) => [
    kinds[i]?.name ?? '',
    String(position.count),
    ...position.cells(4),
    ...velocity.cells(3),
    [...methods].join(' '),
  ]);
}

/** The ephemeris around state `k` without it. */
function without(ephemeris: Ephemeris, k: number): Ephemeris {
  const kept = Array.from({ length: 25 }, (_, i) => k - 12 + i).filter((i) => i !== k && i >= 0 && i < ephemeris.timesMs.length);
  return ephemerisOfStates(kept.map((i) => stateAt(ephemeris, i)));
}

/**
 * The end of 2025-057 steps 30.6 s, but some of its epochs are cut a whole millisecond (7.7 m) short. Here they are even again;
 * undefined where a file has no such end.
 */
export function withEvenEnd(ephemeris: Ephemeris): Ephemeris | undefined {
  const from = ephemeris.timesMs.findIndex((_, i) => Math.abs(stepS(ephemeris, i) - 30.6) < 0.002);
  if (from < 0) return undefined;
  const start = ephemeris.timesMs[from] as number;
  return { ...ephemeris, timesMs: ephemeris.timesMs.map((time, i) => (i < from ? time : start + (i - from) * 30_600)) };
}
