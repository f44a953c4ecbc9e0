import { type Location, locationOf, type State } from '@almanac/analysis';
import type { Place, Question } from '../route.ts';

/** A state over the ground, with the place below it in words. */
export interface Placed {
  location: Location;
  place: Place;
}

export async function placed(state: State, place: Question['place']): Promise<Placed> {
  const location = locationOf(state);
  return { location, place: await place(location.latitudeDeg, location.longitudeDeg) };
}

/** What to say of a place that was found without knowing how the Earth was turned. */
export const orientationNote = ({ orientation }: Location): { note?: string } =>
  orientation.isOutsideTable
    ? { note: 'The Earth’s orientation at this time is not in the table that comes with the service: the place may be up to 400 m off.' }
    : {};
