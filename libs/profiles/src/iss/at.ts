import { interpolate } from '@almanac/analysis';
import { invalidParameter, ProblemError, parseTime } from '@almanac/domain';
import type { ProfileRequest } from '../route.ts';
import { speedOf } from './epoch.ts';
import { fileAge } from './file-age.ts';
import { orientationNote, placed } from './place.ts';
import { sourceMetadataOf } from './source-metadata.ts';
import { trackOf } from './track.ts';

/** The station at any time within the ephemeris, interpolated. Throws 400 outside it: nothing is ever extrapolated. */
export async function stationAt({ set, query, place }: ProfileRequest): Promise<Record<string, unknown>> {
  const timeMs = query.time === undefined ? undefined : parseTime(query.time);
  if (timeMs === undefined) {
    throw invalidParameter('time', query.time ?? '', 'write a time such as 2024-02-21T12:34:56Z or 2024-052T12:34:56.000Z');
  }
  const { ephemeris, epochs, rowOf } = trackOf(set);
  const state = interpolate(ephemeris, timeMs);
  if (state === undefined) {
    const [first, last] = [epochs[rowOf(0)], epochs[rowOf(ephemeris.timesMs.length - 1)]];
    throw new ProblemError(
      'invalid-parameter',
      `The ephemeris goes from ${first} to ${last}; time=${query.time} is outside, and nothing is extrapolated.`,
      {
        errors: [{ parameter: 'time', detail: `from ${first} to ${last}` }],
      },
    );
  }
  const { location, place: named } = await placed(state, place);
  const { REF_FRAME: frame } = sourceMetadataOf(set).metadata;
  return {
    time: new Date(timeMs).toISOString(),
    latitude: location.latitudeDeg,
    longitude: location.longitudeDeg,
    altitude: { value: location.heightKm, units: 'km' },
    speed: { value: speedOf(state), units: 'km/s' },
    ground_speed: { value: location.groundFixedSpeedKmPerS, units: 'km/s' },
    position: {
      value: state.positionKm,
      units: 'km',
      frame: typeof frame === 'string' ? frame : 'EME2000',
    },
    velocity: { value: state.velocityKmPerS, units: 'km/s' },
    geoposition: named.text,
    geo: named.geo,
    method: state.method,
    knots: state.knots,
    file: fileAge(set, timeMs),
    ...orientationNote(location),
  };
}
