import { type Location, locationOf, type State } from '@almanac/analysis';
import { ProblemError } from '@almanac/domain';
import type { Place, ProfileRequest } from '../route.ts';
import type { Epoch } from './epoch.ts';

/** Maximum number of epochs whose places are kept, about 1 kB each: more than NASA's files have. */
const KEPT = 8_192;

/** A state over the ground, with the place below it in words. */
export interface Placed {
  location: Location;
  place: Place;
}

export async function placed(state: State, place: ProfileRequest['place']): Promise<Placed> {
  const location = locationIn(state);
  return { location, place: await place(location.latitudeDeg, location.longitudeDeg) };
}

/** Where a state is over the ground. Throws 400 if it is in no such place, as at the Earth's centre. */
export function locationIn(state: State): Location {
  try {
    return locationOf(state);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const when = new Date(state.timeMs).toISOString();
    throw new ProblemError('unsuitable-column', `The records are no orbit of the Earth: the state at ${when} has ${error.message}.`);
  }
}

/** An epoch over the ground: computed once and kept as long as the version, because it takes two thirds of the time of a response. */
export async function placedEpoch({ set, place }: ProfileRequest, { row, state }: Epoch): Promise<Placed> {
  const kept = set.memoize('placed epochs', () => new Map<number, Placed>());
  const known = kept.get(row);
  if (known !== undefined) return known;
  const found = await placed(state, place);
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value as number);
  kept.set(row, found);
  return found;
}

/** The note on a place that was computed without the Earth's orientation. */
export const orientationNote = ({ orientation }: Location): { note?: string } =>
  orientation.isOutsideTable
    ? { note: 'The Earth’s orientation at this time is not in the table that comes with the service: the place may be up to 400 m off.' }
    : {};
