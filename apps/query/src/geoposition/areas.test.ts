import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Areas } from './areas.ts';

/** Longitudes and latitudes in turn, as positions. */
const ring = (...degrees: number[]): number[][] => Array.from({ length: degrees.length / 2 }, (_, i) => degrees.slice(2 * i, 2 * i + 2));
const square = (west: number, south: number, east: number, north: number) =>
  ring(west, south, west, north, east, north, east, south, west, south);

test('a place is inside an outline and not in its holes, and in no two neighbours', () => {
  const areas = new Areas<string>();
  areas.add('west', { type: 'Polygon', coordinates: [square(0, 0, 10, 10), square(4, 4, 6, 6)] }, { isRound: false });
  areas.add('east', { type: 'MultiPolygon', coordinates: [[square(10, 0, 20, 10)], [square(30, 0, 40, 10)]] }, { isRound: false });
  const found = (latitudeDeg: number, ...longitudes: number[]) => longitudes.map((longitudeDeg) => areas.find(latitudeDeg, longitudeDeg));
  assert.deepEqual(found(5, -1, 1, 5, 7, 10, 15), [undefined, 'west', undefined, 'west', 'east', 'east']);
  assert.deepEqual(found(5, 20, 25, 35), [undefined, undefined, 'east']);
  assert.deepEqual([...found(1, 5), ...found(11, 5), ...found(-1, 5)], ['west', undefined, undefined]);
});

test('a round ring goes over the date line the short way, and the place need not be on the side it starts from', () => {
  for (const outline of [ring(170, 60, 170, 70, -170, 70, -170, 60, 170, 60), ring(-170, 60, 170, 60, 170, 70, -170, 70, -170, 60)]) {
    const areas = new Areas<string>();
    areas.add('Chukotka', { type: 'Polygon', coordinates: [outline] }, { isRound: true });
    for (const longitude of [171, 179.9, 180, -180, -179.9, -171]) assert.equal(areas.find(65, longitude), 'Chukotka', String(longitude));
    for (const longitude of [169, -169, 0, 100]) assert.equal(areas.find(65, longitude), undefined, String(longitude));
  }
});

test('a ring round the south pole holds the pole, wherever it starts', () => {
  for (const start of [-180, -100, 0, 130]) {
    const around = [0, 60, 120, 180, 240, 300, 360].map((step) => [((start + step + 540) % 360) - 180, -65 - (step % 120) / 60]);
    const areas = new Areas<string>();
    areas.add('Antarctica', { type: 'Polygon', coordinates: [around] }, { isRound: true });
    for (let longitude = -180; longitude <= 180; longitude += 10) {
      assert.equal(areas.find(-80, longitude), 'Antarctica', `${start} ${longitude}`);
      assert.equal(areas.find(-90, longitude), 'Antarctica', `${start} ${longitude}`);
      assert.equal(areas.find(-60, longitude), undefined, `${start} ${longitude}`);
    }
  }
});

test('a flat area over the whole map goes the long way, and holds the north pole', () => {
  const areas = new Areas<string>();
  areas.add('Arctic Ocean', { type: 'Polygon', coordinates: [square(-180, 80, 180, 90)] }, { isRound: false });
  for (const longitude of [-180, -90, 0, 90, 180]) {
    assert.equal(areas.find(85, longitude), 'Arctic Ocean');
    assert.equal(areas.find(90, longitude), 'Arctic Ocean');
    assert.equal(areas.find(79, longitude), undefined);
  }
});
