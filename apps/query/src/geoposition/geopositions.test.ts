import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedData } from '@almanac/testkit';
import { countryAt } from './countries.ts';
import { Geopositions } from './index.ts';
import { placesOnEarth } from './testing.ts';

const geopositions = new Geopositions();

/** What is said of each place, and its country's code. */
const onLand: Record<string, [latitudeDeg: number, longitudeDeg: number, text: string, code: string]> = {
  Austin: [30.2672, -97.7431, 'near Austin (1 km), United States', 'us'],
  "the course's sample, Inner Mongolia": [40.64084133393722, 105.56465621326345, 'over China, 150 km from Wuhai', 'cn'],
  Paris: [48.8566, 2.3522, 'near Paris (1 km), France', 'fr'],
  'São Paulo': [-23.55, -46.63, 'near São Paulo (1 km), Brazil', 'br'],
  'Lake Victoria, which counts as land of the countries around it': [-1, 33, 'over Tanzania, 105 km from Musoma', 'tz'],
  'Chukotka, west of the date line': [67, 178, 'over Russia, 148 km from Egvekinot', 'ru'],
  'Chukotka, on the date line': [67, 180, 'near Egvekinot (85 km), Russia', 'ru'],
  'Chukotka, on the date line from the east': [67, -180, 'near Egvekinot (85 km), Russia', 'ru'],
  'Chukotka, east of the date line': [66, -172, 'near Lorino (57 km), Russia', 'ru'],
  'Canada, as far north as Chukotka': [66, -100, 'over Canada, 341 km from Gjoa Haven', 'ca'],
  'Fiji, west of the date line': [-16.6, 179.2, 'near Labasa (26 km), Fiji', 'fj'],
  'Fiji, east of the date line': [-16.85, -179.97, 'near Labasa (85 km), Fiji', 'fj'],
  'Peru, as far south as Fiji': [-16.5, -70, 'near Mazo Cruz (40 km), Peru', 'pe'],
  'Vatican City': [41.9029, 12.4534, 'near Vatican City (1 km)', 'va'],
  'Rome, around it': [41.89, 12.49, 'near Rome (2 km), Italy', 'it'],
  Lesotho: [-29.5, 28.3, 'near Thaba-Tseka (30 km), Lesotho', 'ls'],
  Antarctica: [-75, -120, 'over Antarctica, 1,810 km from McMurdo Station', 'aq'],
  'the south pole': [-90, 0, 'over Antarctica, 1,352 km from McMurdo Station', 'aq'],
  'the south pole again': [-90, 180, 'over Antarctica, 1,352 km from McMurdo Station', 'aq'],
  'Kosovo, which the map of land has no number for': [42.66, 21.16, 'near Pristina (2 km), Kosovo', 'xk'],
  'Somaliland, likewise': [9.56, 44.06, 'near Hargeysa (1 km), Somalia', 'so'],
  'Northern Cyprus, likewise': [35.33, 33.32, 'near Kyrenia (1 km), Cyprus', 'cy'],
  'Crimea, UA-43 in ISO 3166-2': [45.2, 34.1, 'near Novoandreyevka (1 km), Ukraine', 'ua'],
  'Bir Tawil, which nobody claims': [21.87, 33.7, 'over Sudan, 221 km from Abu Simbel, Egypt', 'sd'],
  'Ceuta, whose code is only kept free': [35.89, -5.32, 'near Ceuta (1 km), Spain', 'es'],
  'a territory with a code of its own': [75, -40, 'over Greenland, 553 km from Upernavik', 'gl'],
  'a border, where the nearest town is abroad': [32.55, -117, 'over the United States, 5 km from Tijuana, Mexico', 'us'],
  'Funafuti, too small for the map of land': [-8.52, 179.2, 'near Funafuti (1 km), Tuvalu', 'tv'],
};

for (const [name, [latitudeDeg, longitudeDeg, text, code]] of Object.entries(onLand)) {
  test(name, async () => {
    const { text: said, geo } = await geopositions.at(latitudeDeg, longitudeDeg);
    assert.deepEqual([said, geo.country_code, geo.water], [text, code, undefined]);
  });
}

test('on land all members are there, codes as ISO 3166-1 has them', async () => {
  assert.deepEqual((await geopositions.at(30.2672, -97.7431)).geo, {
    country: 'United States',
    country_code: 'us',
    'ISO3166-1-alpha3': 'USA',
    'ISO3166-1-numeric': '840',
    nearest_city: {
      name: 'Austin',
      country_code: 'us',
      admin_code: 'TX',
      latitude: 30.26715,
      longitude: -97.74306,
      distance_km: 0,
      population: 931_830,
      is_near: true,
    },
  });
});

test('over water no country is named, though countries claim the sea far offshore', async () => {
  for (const [latitudeDeg, longitudeDeg, claimedBy] of [
    [-29.1, 110.2, 'Australia'], // 417 km off its coast
    [-27.5, -107, 'Chile'], // near Easter Island
    [60, -86, 'Canada'], // Hudson Bay
    [-16.5, -100, undefined],
  ] as const) {
    assert.equal(countryAt(latitudeDeg, longitudeDeg)?.country, claimedBy);
    const { text, geo } = await geopositions.at(latitudeDeg, longitudeDeg);
    assert.match(text, /^over open water/);
    assert.deepEqual(Object.keys(geo), ['nearest_city'], text);
    assert.equal(geo.nearest_city.is_near, false);
  }
});

test('without sea polygons a town within 300 km says where the water is', async () => {
  const textAt = async (latitudeDeg: number, longitudeDeg: number) => (await geopositions.at(latitudeDeg, longitudeDeg)).text;
  assert.equal(await textAt(-48.87, -123.39), 'over open water');
  assert.equal(await textAt(0, 0), 'over open water');
  assert.equal(await textAt(90, 0), 'over open water');
  assert.equal(await textAt(43, 34), 'over open water, 114 km from Abana, Turkey');
});

test('what is no place on Earth is a RangeError that names it', async () => {
  for (const [latitudeDeg, longitudeDeg, named] of [
    [Number.NaN, 0, 'latitude NaN'],
    [90.001, 0, 'latitude 90.001'],
    [0, 181, 'longitude 181'],
    [0, -180.5, 'longitude -180.5'],
    [0, Number.POSITIVE_INFINITY, 'longitude Infinity'],
    [0, undefined as unknown as number, 'longitude undefined'],
  ] as const) {
    await assert.rejects(
      geopositions.at(latitudeDeg, longitudeDeg),
      (error) => error instanceof RangeError && error.message.includes(named),
    );
  }
});

test('2,000 places: always a text and a city; a country, with its codes, on land only', async () => {
  let land = 0;
  for (const [latitudeDeg, longitudeDeg] of placesOnEarth(2_000, 1)) {
    const { text, geo } = await geopositions.at(latitudeDeg, longitudeDeg);
    const where = `${latitudeDeg} ${longitudeDeg}: ${text} ${JSON.stringify(geo)}`;
    const { nearest_city: city, country, country_code } = geo;
    assert.equal(/^over open water/.test(text), country === undefined, where);
    assert.equal(country === undefined, country_code === undefined, where);
    assert.match(country_code ?? 'none', /^([a-z]{2}|none)$/, where);
    if (country !== undefined) assert.ok(text.includes(country.replace(/^The /, '')), where);
    assert.ok(city.name !== '' && /^[a-z]{2}$/.test(city.country_code) && city.distance_km >= 0, where);
    assert.equal(city.is_near, country !== undefined && city.distance_km <= 100, where);
    if (country !== undefined) land++;
  }
  // 29 % of the Earth are land.
  assert.ok(Math.abs(land / 2_000 - 0.29) < 0.03, String(land));
});

test('questions that come together wait for one load, and later ones are quick', async () => {
  const fresh = new Geopositions();
  const [one, two] = await Promise.all([fresh.at(48.8566, 2.3522), fresh.at(48.8566, 2.3522)]);
  assert.deepEqual(one, two);
  const took: number[] = [];
  for (const [latitudeDeg, longitudeDeg] of placesOnEarth(1_000, 2)) {
    const start = performance.now();
    await fresh.at(latitudeDeg, longitudeDeg);
    took.push(performance.now() - start);
  }
  // Usually 0.04 ms; the limit leaves room for a busy machine.
  assert.ok((took.sort((a, b) => a - b)[500] as number) < 1, `${took[500]} ms`);
});

const seaPolygons = sharedData('iss/ne_10m_geography_marine_polys.min.geojson');

let known: Geopositions | undefined;
const seas = () => {
  known ??= new Geopositions({ seaPolygons: seaPolygons.path });
  return known;
};
const waters: Record<string, [latitudeDeg: number, longitudeDeg: number, text: string]> = {
  'South Pacific Ocean': [-40, -130, 'over the South Pacific Ocean'],
  'North Atlantic Ocean': [30, -40, 'over the North Atlantic Ocean'],
  'South Atlantic Ocean': [0, 0, 'over the South Atlantic Ocean'],
  'Arctic Ocean': [90, 0, 'over the Arctic Ocean'],
  'Southern Ocean': [-62, 100, 'over the Southern Ocean'],
  'Gulf of Mexico': [25, -90, 'over the Gulf of Mexico'],
  'Caspian Sea': [42, 50.5, 'over the Caspian Sea'],
  'Caribbean Sea': [15, -75, 'over the Caribbean Sea'],
  'Sargasso Sea': [28, -60, 'over the Sargasso Sea'],
  'Hudson Bay': [60, -86, 'over Hudson Bay'],
  'Bering Sea': [60, 180, 'over the Bering Sea'],
};
for (const [name, [latitudeDeg, longitudeDeg, text]] of Object.entries(waters)) {
  test(`with sea polygons: ${name}`, { skip: seaPolygons.skip }, async () => {
    const { text: said, geo } = await seas().at(latitudeDeg, longitudeDeg);
    assert.deepEqual([said, geo.water, geo.country, geo.country_code], [text, name, undefined, undefined]);
  });
}

test('with sea polygons, 2,000 places: land stays as it is, and nearly all water has a name', { skip: seaPolygons.skip }, async () => {
  let [named, nameless] = [0, 0];
  for (const [latitudeDeg, longitudeDeg] of placesOnEarth(2_000, 1)) {
    const withSeas = await seas().at(latitudeDeg, longitudeDeg);
    const without = await geopositions.at(latitudeDeg, longitudeDeg);
    if (without.geo.country !== undefined) assert.deepEqual(withSeas, without);
    else if (withSeas.geo.water === undefined) nameless++;
    else {
      named++;
      assert.ok(withSeas.text.endsWith(withSeas.geo.water.replace(/^The /, '')), withSeas.text);
      assert.deepEqual(withSeas.geo.nearest_city, without.geo.nearest_city);
    }
  }
  assert.ok(named > 1_300 && nameless < 5, `${named} named, ${nameless} nameless`);
});
