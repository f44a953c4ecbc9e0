import { ProblemError, shown } from '@almanac/domain';
import { type Composition, compositions } from './sites.ts';

/** The course's constants; each can be given in the query. */
export interface TripConstants {
  /** where the robot begins, in degrees */
  latitudeDeg: number;
  longitudeDeg: number;
  speedKmPerHour: number;
  /** of Mars, in the mean */
  radiusKm: number;
  samplingHours: Readonly<Record<Composition, number>>;
}

export const courseConstants: TripConstants = {
  latitudeDeg: 16,
  longitudeDeg: 82,
  speedKmPerHour: 10,
  radiusKm: 3389.5,
  samplingHours: { stony: 1, iron: 2, 'stony-iron': 3 },
};

export interface Leg {
  leg: number;
  site_id: unknown;
  distance_km: number;
  time_to_travel: number;
  time_to_sample: number;
}

/** The way from the start over every site in order; hours. */
export function tripOf(sites: readonly Readonly<Record<string, unknown>>[], constants: TripConstants): { legs: Leg[]; totalHours: number } {
  let [latitude, longitude] = [constants.latitudeDeg, constants.longitudeDeg];
  let totalHours = 0;
  const legs = sites.map((site, i): Leg => {
    const [toLatitude, toLongitude] = [degreesIn(site, 'latitude'), degreesIn(site, 'longitude')];
    const distance = greatCircleKm(latitude, longitude, toLatitude, toLongitude, constants.radiusKm);
    const travel = distance / constants.speedKmPerHour;
    const sample = samplingHours(site, constants);
    [latitude, longitude] = [toLatitude, toLongitude];
    totalHours += travel + sample;
    return { leg: i + 1, site_id: site.site_id ?? i + 1, distance_km: distance, time_to_travel: travel, time_to_sample: sample };
  });
  return { legs, totalHours };
}

function degreesIn(site: Readonly<Record<string, unknown>>, name: 'latitude' | 'longitude'): number {
  const value = Number(site[name]);
  if (site[name] === null || site[name] === '' || !Number.isFinite(value))
    throw new ProblemError('unsuitable-column', `Site ${shown(site.site_id)} has no ${name}: ${shown(site[name])}.`);
  return value;
}

function samplingHours({ composition, site_id }: Readonly<Record<string, unknown>>, constants: TripConstants): number {
  const known = compositions.find((one) => one === composition);
  if (known !== undefined) return constants.samplingHours[known];
  throw new ProblemError(
    'unsuitable-column',
    `Site ${shown(site_id)} is of ${shown(composition)}; how long a sample takes is known for ${compositions.join(', ')}.`,
  );
}

/** The way between two points on a sphere, along its surface (haversine formula, R. W. Sinnott 1984). */
export function greatCircleKm(latitudeA: number, longitudeA: number, latitudeB: number, longitudeB: number, radiusKm: number): number {
  const radians = Math.PI / 180;
  const half = (a: number, b: number) => Math.sin(((b - a) * radians) / 2) ** 2;
  const h = half(latitudeA, latitudeB) + Math.cos(latitudeA * radians) * Math.cos(latitudeB * radians) * half(longitudeA, longitudeB);
  return 2 * radiusKm * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The course's lines, hours with at most two decimals. */
export function tripLines({ legs, totalHours }: ReturnType<typeof tripOf>): string {
  const hours = (value: number) => String(Math.round(value * 100) / 100);
  return [
    ...legs.map(
      ({ leg, time_to_travel, time_to_sample }) =>
        `leg = ${leg}, time to travel = ${hours(time_to_travel)} hr, time to sample = ${hours(time_to_sample)} hr`,
    ),
    '===============================',
    `number of legs = ${legs.length}, total time elapsed = ${hours(totalHours)} hr`,
    '',
  ].join('\n');
}
