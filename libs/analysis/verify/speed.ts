import { type Ephemeris, interpolate, locationOf, stateAt } from '../src/index.ts';
import type { Table } from './errors.ts';

const calls = 20_000;

/** Microseconds of one call, once warm. */
function timed(what: string, run: (i: number) => unknown): string[] {
  for (let i = 0; i < calls; i++) run(i);
  const start = performance.now();
  for (let i = 0; i < calls; i++) run(i);
  return [what, ((1000 * (performance.now() - start)) / calls).toFixed(2)];
}

export function speeds(ephemeris: Ephemeris): Table {
  const some = (i: number): number => (i * 7) % (ephemeris.timesMs.length - 1);
  return [
    timed('locationOf: precession, nutation, sidereal time, pole, geodetic', (i) => locationOf(stateAt(ephemeris, some(i)))),
    timed('interpolate: four states, degree 7', (i) => interpolate(ephemeris, (ephemeris.timesMs[some(i)] as number) + 777)),
  ];
}
