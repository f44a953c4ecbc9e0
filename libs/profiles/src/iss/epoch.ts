import { closestEpoch, type State, stateAt } from '@almanac/analysis';
import { ProblemError, parseTime, shown } from '@almanac/domain';
import type { RecordSet } from '../record-set.ts';
import { type Track, trackOf } from './track.ts';

/** One epoch of an ephemeris. */
export interface Epoch {
  /** as the source wrote it */
  text: string;
  /** place among the rows */
  row: number;
  state: State;
}

/** The epoch a caller names, as the source wrote it or in any other form of the same time. Throws 404. */
export function epochNamed(set: RecordSet, name: string): Epoch {
  const track = set.rows === 0 ? undefined : trackOf(set);
  const time = parseTime(name.trim());
  const at = track === undefined || time === undefined ? undefined : closestEpoch(track.ephemeris.timesMs, time);
  // Files are written to the millisecond.
  if (track !== undefined && at !== undefined && Math.abs((track.ephemeris.timesMs[at] as number) - (time as number)) < 0.5)
    return epochAt(track, at);
  const nearest = track === undefined || at === undefined ? '' : ` The closest is ${epochAt(track, at).text}.`;
  throw new ProblemError(
    'unknown-record',
    `Epoch not found: there is no state vector at ${shown(name)}.${nearest} GET /epochs lists them.`,
  );
}

/** The epoch closest to a moment. Throws 404 if there is none. */
export function epochClosestTo(set: RecordSet, moment: Date): Epoch {
  const track = trackOf(set);
  return epochAt(track, closestEpoch(track.ephemeris.timesMs, moment.getTime()) ?? 0);
}

function epochAt(track: Track, at: number): Epoch {
  const row = track.rowOf(at);
  return { text: track.epochs[row] as string, row, state: stateAt(track.ephemeris, at) };
}

/** |v| in km/s: the length of a state's velocity, in the frame of the ephemeris. */
export function speedOf({ velocityKmPerS: [x, y, z] }: State): number {
  return Math.sqrt(x * x + y * y + z * z);
}
