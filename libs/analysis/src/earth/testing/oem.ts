import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTime } from '@almanac/domain';
import { type Ephemeris, ephemerisOf } from '../ephemeris.ts';

const folder = process.env.ALMANAC_SHARED_DATA ?? join(import.meta.dirname, '../../../../../../shared/data');

/** `sharedData` of @almanac/testkit, which stands on the same floor and so cannot be imported here. */
export function sharedData(name: string): { path: string; skip: string | false } {
  const path = join(folder, name);
  return { path, skip: existsSync(path) ? false : `real data file ${name} is not beside this checkout` };
}

/** NASA's public ISS ephemerides: two with a reboost in their span, one with 2-s steps only for an event, one with 30.6-s steps. */
export const issFiles = ['2022-042', '2024-045', '2024-052', '2025-057'].map((day) => ({
  day,
  ...sharedData(`iss/ISS.OEM_J2K_EPH.${day}.xml`),
}));

/** Just enough of CCSDS OEM as XML for tests: the states and the comments of a file with one segment. */
export function readOem(path: string): { ephemeris: Ephemeris; comments: string[] } {
  const text = readFileSync(path, 'utf8');
  const comments = [...text.matchAll(/<COMMENT>(.*?)<\/COMMENT>/g)].map(([, comment]) => comment as string);
  const rows = [...text.matchAll(/<stateVector>(.*?)<\/stateVector>/gs)].map(([, vector]) => valuesOf(vector as string));
  const times = Float64Array.from(rows, ([epoch]) => parseTime(epoch as string) as number);
  const column = (from: number) => Float64Array.from(rows.flatMap((row) => row.slice(from, from + 3).map(Number)));
  return { ephemeris: ephemerisOf(times, column(1), column(4)), comments };
}

/** EPOCH, X, Y, Z, X_DOT, Y_DOT and Z_DOT, in the order the standard gives them. */
const valuesOf = (vector: string): string[] =>
  [...vector.matchAll(/<(?:EPOCH|[XYZ](?:_DOT)?)(?: units="[^"]*")?>([^<]*)</g)].map(([, value]) => value as string);
