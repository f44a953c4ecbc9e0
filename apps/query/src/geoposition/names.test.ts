import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NearestCity } from './geoposition.ts';
import { seaName } from './sea-name.ts';
import { placeInWords } from './text.ts';

test('waters are written as people write them', () => {
  for (const [given, written] of [
    ['SOUTH PACIFIC OCEAN', 'South Pacific Ocean'],
    ['Gulf of Mexico', 'Gulf of Mexico'],
    ['Gulf of  Suez', 'Gulf of Suez'],
    ['George VI Sound', 'George VI Sound'],
    ['Bahía de Campeche', 'Bahía de Campeche'],
    ['Golfo San Mat’as', 'Golfo San Matías'],
    ["M'Clure Strait", "M'Clure Strait"],
    ["Bras d'Or Lake", "Bras d'Or Lake"],
  ] as const)
    assert.equal(seaName(given), written);
});

const city: NearestCity = {
  name: 'Suva',
  country_code: 'fj',
  admin_code: '',
  latitude: 0,
  longitude: 0,
  distance_km: 1234.5,
  population: 0,
  is_near: false,
};
const over = (place: { country: string } | { water: string }): string => placeInWords({ ...place, nearest_city: city }, 'Fiji');

test('names have the article they take in a sentence', () => {
  for (const water of [
    'Sea of Japan',
    'Sulu Sea',
    'Bay of Bengal',
    'Persian Gulf',
    'Skagerrak',
    'Great Barrier Reef',
    'The North Western Passages',
  ])
    assert.equal(over({ water }), `over the ${water.replace('The ', '')}`);
  for (const water of ['Hudson Bay', 'Golfo de California', 'Lake Pontchartrain', 'McMurdo Sound'])
    assert.equal(over({ water }), `over ${water}`);
  for (const country of ['United Kingdom', 'Netherlands', 'Solomon Islands', 'Central African Republic', 'The Gambia', 'Philippines'])
    assert.equal(over({ country }), `over the ${country.replace('The ', '')}, 1,235 km from Suva, Fiji`);
  for (const country of ['Mali', 'China', 'Ireland']) assert.equal(over({ country }), `over ${country}, 1,235 km from Suva, Fiji`);
});

test('a country without a code is still named', () => {
  assert.equal(
    placeInWords({ country: 'Somewhere', nearest_city: { ...city, is_near: true, distance_km: 5 } }, 'Fiji'),
    'over Somewhere, 5 km from Suva, Fiji',
  );
});
