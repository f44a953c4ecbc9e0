import { interpolate, type State } from '@almanac/analysis';
import { invalidParameter, parseTime } from '@almanac/domain';
import type { ProfileRequest } from '../route.ts';
import { epochClosestTo, speedOf } from './epoch.ts';
import { fileAge } from './file-age.ts';
import { locationIn, orientationNote, placedEpoch } from './place.ts';
import { trackOf } from './track.ts';

const km = (value: number) => ({ value, units: 'km' });
const kmPerS = (value: number) => ({ value, units: 'km/s' });

/** The moment a caller means by now: the clock, or `?now=`. */
export function momentOf({ query, now }: ProfileRequest): Date {
  if (query.now === undefined || query.now === '') return now;
  const ms = parseTime(query.now);
  if (ms === undefined) throw invalidParameter('now', query.now, 'write a time such as 2024-02-21T12:00:00Z or 2024-052T12:00:00.000Z');
  return new Date(ms);
}

/** The station at the epoch closest to now, in the form of the course's sample, and interpolated to now. */
export async function stationNow(request: ProfileRequest): Promise<Record<string, unknown>> {
  const { set } = request;
  const moment = momentOf(request);
  const epoch = epochClosestTo(set, moment);
  const { location, place } = await placedEpoch(request, epoch);
  const { latitudeDeg: latitude, longitudeDeg: longitude, heightKm } = location;
  return {
    closest_epoch: epoch.text,
    seconds_from_now: (moment.getTime() - epoch.state.timeMs) / 1000,
    location: { latitude, longitude, altitude: km(heightKm), geo: place.geo },
    geo: place.geo,
    speed: kmPerS(speedOf(epoch.state)),
    latitude,
    longitude,
    altitude: heightKm,
    geoposition: place.text,
    interpolated: interpolatedAt(request, moment),
    file: fileAge(set, moment.getTime()),
    ...orientationNote(location),
  };
}

function interpolatedAt({ set }: ProfileRequest, moment: Date): Record<string, unknown> {
  const time = moment.toISOString();
  const state = interpolate(trackOf(set).ephemeris, moment.getTime());
  if (state !== undefined) return { time, ...shownState(state) };
  return { time, message: 'The ephemeris does not reach this time, and nothing is extrapolated.' };
}

/** Latitude, longitude (degrees), altitude (km) and speed (km/s) of a state. */
export function shownState(state: State): { latitude: number; longitude: number; altitude: number; speed: number } {
  const { latitudeDeg: latitude, longitudeDeg: longitude, heightKm: altitude } = locationIn(state);
  return { latitude, longitude, altitude, speed: speedOf(state) };
}
