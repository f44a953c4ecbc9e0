import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ascendingNodeNear,
  type EarthOrientation,
  type Ephemeris,
  earthOrientationAt,
  locationOf,
  publishedNodes,
  stateAt,
  unknownEarthOrientation,
} from '../src/index.ts';
import { Errors, type Table, thousandthsApart } from './errors.ts';

type Orientations = (timeMs: number) => EarthOrientation;
type Reference = [number, number, number, number, number, number, number, number, number, number];

const chains: readonly [string, Orientations][] = [
  ['UT1 table and pole', earthOrientationAt],
  ['UT1 table, no pole', (timeMs) => ({ ...earthOrientationAt(timeMs), poleXArcsec: 0, poleYArcsec: 0 })],
  ['UT1 = UTC, no pole', () => unknownEarthOrientation],
];

/** Every state of a file in the Earth's axes, against the rows that iss_reference.py wrote; empty where it did not run. */
export function locationErrors(day: string, ephemeris: Ephemeris, folder: string): Table {
  const path = join(folder, `${day}.csv`);
  if (!existsSync(path)) return [[`${day}  ${path} is missing: run iss_reference.py first`]];
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  const reference = lines.map((line) => line.split(',').map(Number) as Reference);
  return chains.map(([name, orientations]) => [
    `${day}  ${name}`,
    String(reference.length),
    ...compare(ephemeris, reference, orientations),
  ]);
}

export const locationHead = ['', 'states', 'max m', 'rms m', 'max mm/s', 'latitude max deg', 'longitude max deg', 'height max m'];

function compare(ephemeris: Ephemeris, reference: readonly Reference[], orientations: Orientations): string[] {
  const [position, velocity, latitude, longitude, height] = [new Errors(), new Errors(), new Errors(), new Errors(), new Errors()];
  for (const [i, [timeMs, x, y, z, vx, vy, vz, latitudeDeg, longitudeDeg, heightKm]] of reference.entries()) {
    const state = stateAt(ephemeris, i);
    if (state.timeMs !== timeMs) throw new Error(`state ${i} is at ${state.timeMs} here and at ${timeMs} in the reference`);
    const ours = locationOf(state, orientations(timeMs));
    position.add(thousandthsApart(ours.earthFixedPositionKm, [x, y, z]));
    velocity.add(1000 * thousandthsApart(ours.earthFixedVelocityKmPerS, [vx, vy, vz]));
    latitude.add(ours.latitudeDeg - latitudeDeg);
    longitude.add(((ours.longitudeDeg - longitudeDeg + 540) % 360) - 180);
    height.add((ours.heightKm - heightKm) * 1000);
  }
  return [...position.cells(3), velocity.cells(3)[0], latitude.cells(7)[0], longitude.cells(7)[0], height.cells(4)[0]];
}

export const nodeHead = ['', 'node', 'time ms', 'longitude deg', 'm on the ground'];

const metresPerDegree = 111_319.49;

/** The file's own nodes (LAN lines) against those found in its states. */
export const nodeErrors = (day: string, ephemeris: Ephemeris, comments: readonly string[]): Table =>
  publishedNodes(comments).map(({ timeMs, longitudeDeg }) => {
    const node = ascendingNodeNear(ephemeris, timeMs);
    if (node === undefined) return [day, 'not found'];
    const off = node.longitudeDeg - longitudeDeg;
    return [day, new Date(timeMs).toISOString(), (node.timeMs - timeMs).toFixed(3), off.toFixed(7), (off * metresPerDegree).toFixed(2)];
  });
