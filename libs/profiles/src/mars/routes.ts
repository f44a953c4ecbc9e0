import { invalidParameter, isNumberText, ProblemError, shown } from '@almanac/domain';
import { Type } from 'typebox';
import { isTextAsked, noData, positiveNumber } from '../parameters.ts';
import { records } from '../record-set.ts';
import { json, text } from '../response.ts';
import type { ProfileRoute } from '../route.ts';
import { type Composition, sites } from './sites.ts';
import { courseConstants, type TripConstants, tripLines, tripOf } from './trip.ts';

const MOST_SITES = 10_000;

const number = (description: string, usual: number, range: object = { exclusiveMinimum: 0 }) =>
  Type.Optional(Type.Number({ ...range, description, default: usual }));

export const routes = (compositions: readonly Composition[]): readonly ProfileRoute[] => [
  {
    service: 'ingest',
    method: 'POST',
    path: '/mars/sites',
    summary: 'Make random sites and load them: {"seed": 7, "n": 5}, both optional',
    example: `-d '{"seed":7}' $BASE/mars/sites`,
    body: Type.Object({
      n: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_SITES, default: 5, description: 'number of sites' })),
      seed: Type.Optional(
        Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'the same seed makes the same sites', examples: [7] }),
      ),
    }),
    records: (body) => sites(wholeNumber(body, 'n', 1, MOST_SITES), wholeNumber(body, 'seed', 0, Number.MAX_SAFE_INTEGER)),
    respond: (made) => json({ sites: made }),
  },
  {
    service: 'query',
    method: 'GET',
    path: '/mars/sites',
    summary: 'The sites',
    example: '$BASE/mars/sites',
    respond: ({ set }) => json({ sites: [...records(set)] }),
  },
  {
    service: 'query',
    method: 'GET',
    path: '/mars/trip',
    summary: "Time a robot needs to visit and sample the sites; f=text: the lines of the course's program",
    example: '"$BASE/mars/trip?f=text"',
    query: Type.Object({
      f: Type.Optional(Type.Enum(['json', 'text'])),
      latitude: number('latitude of the start, degrees', courseConstants.latitudeDeg, { minimum: -90, maximum: 90 }),
      longitude: number('longitude of the start, degrees', courseConstants.longitudeDeg, { minimum: -360, maximum: 360 }),
      speed: number('speed of the robot, km/h', courseConstants.speedKmPerHour),
      radius: number('radius of the planet, km', courseConstants.radiusKm),
      ...Object.fromEntries(compositions.map((name) => [name, number(`hours per sample of ${name}`, courseConstants.samplingHours[name])])),
    }),
    respond({ set, query }) {
      if (set.rows === 0) throw noData('sites', set);
      const constants = constantsIn(query, compositions);
      const trip = tripOf([...records(set)], constants);
      if (isTextAsked(query)) return text(tripLines(trip));
      const { latitudeDeg: latitude, longitudeDeg: longitude, speedKmPerHour: speed, radiusKm: radius } = constants;
      return json({
        legs: trip.legs,
        number_of_legs: trip.legs.length,
        total_time_elapsed: trip.totalHours,
        units: 'hr',
        start: { latitude, longitude },
        speed: { value: speed, units: 'km/h' },
        radius: { value: radius, units: 'km' },
      });
    },
  },
];

function constantsIn(query: Readonly<Record<string, string>>, compositions: readonly Composition[]): TripConstants {
  const usual = courseConstants;
  return {
    latitudeDeg: degrees(query, 'latitude', usual.latitudeDeg, 90),
    longitudeDeg: degrees(query, 'longitude', usual.longitudeDeg, 360),
    speedKmPerHour: positiveNumber(query, 'speed', usual.speedKmPerHour),
    radiusKm: positiveNumber(query, 'radius', usual.radiusKm),
    samplingHours: Object.fromEntries(
      compositions.map((name) => [name, positiveNumber(query, name, usual.samplingHours[name])]),
    ) as TripConstants['samplingHours'],
  };
}

function degrees(query: Readonly<Record<string, string>>, name: string, usual: number, most: number): number {
  const given = query[name];
  if (given === undefined || given === '') return usual;
  const value = isNumberText(given) ? Number(given) : Number.NaN;
  if (!(Math.abs(value) <= most)) throw invalidParameter(name, given, `write degrees from -${most} to ${most}`);
  return value;
}

function wholeNumber(body: Readonly<Record<string, unknown>>, name: string, least: number, most: number): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new ProblemError('invalid-body', `${name}: ${shown(value)} is not a whole number from ${least} to ${most}.`);
  return value;
}
