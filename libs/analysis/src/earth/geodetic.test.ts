import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cartesianOf, geodeticOf } from './geodetic.ts';
import { minus, norm, type Vector } from './vector.ts';

// WGS84 by 40-digit arithmetic (mpmath), checked with astropy: python libs/analysis/verify/unit_references.py places
const byMpmath: readonly { positionKm: Vector; latitudeDeg: number; longitudeDeg: number; heightKm: number }[] = [
  { positionKm: [6778.0, 0, 0], latitudeDeg: 0.0, longitudeDeg: 0.0, heightKm: 399.863 },
  { positionKm: [-6778.0, 0, 0], latitudeDeg: 0.0, longitudeDeg: 180.0, heightKm: 399.863 },
  { positionKm: [0, 0, 6800.0], latitudeDeg: 90.0, longitudeDeg: 0.0, heightKm: 443.2476857548205 },
  { positionKm: [0, 0, -6356.0], latitudeDeg: -90.0, longitudeDeg: 0.0, heightKm: -0.7523142451794975 },
  {
    positionKm: [-2800.25, -4668.5, 4071.125],
    latitudeDeg: 36.963333744371326,
    longitudeDeg: -120.95608538745299,
    heightKm: 427.3752496440838,
  },
  { positionKm: [4000.0, -4000.0, 3000.0], latitudeDeg: 28.09720472864255, longitudeDeg: -45.0, heightKm: 29.69980786664796 },
  { positionKm: [-6500.0, 1e-9, 1900.0], latitudeDeg: 16.39187701793706, longitudeDeg: 179.9999999999912, heightKm: 395.5547560648012 },
  { positionKm: [-6500.0, -1e-9, 1900.0], latitudeDeg: 16.39187701793706, longitudeDeg: -179.9999999999912, heightKm: 395.5547560648012 },
  { positionKm: [1e-6, 0, 6900.0], latitudeDeg: 89.9999999917475, longitudeDeg: 0.0, heightKm: 543.2476857548205 },
  { positionKm: [42164.0, 10.0, -3.0], latitudeDeg: -0.00408076967975477, longitudeDeg: 0.013588791015748428, heightKm: 35785.86429268003 },
  {
    positionKm: [-200000.0, 300000.0, 120000.0],
    latitudeDeg: 18.410409974086807,
    longitudeDeg: 123.69006752597979,
    heightKm: 373623.9925407891,
  },
  {
    positionKm: [3000.0, 2000.0, -5200.0],
    latitudeDeg: -55.44453279556091,
    longitudeDeg: 33.690067525979785,
    heightKm: -35.95481023212644,
  },
];

test('places are right to the last digits, from below the ground to the Moon, at poles, equator and date line', () => {
  for (const { positionKm, latitudeDeg, longitudeDeg, heightKm } of byMpmath) {
    const ours = geodeticOf(positionKm);
    assert.ok(Math.abs(ours.latitudeDeg - latitudeDeg) < 3e-14, `${positionKm}: ${ours.latitudeDeg}`);
    assert.ok(Math.abs(ours.longitudeDeg - longitudeDeg) < 3e-14, `${positionKm}: ${ours.longitudeDeg}`);
    assert.ok(Math.abs(ours.heightKm - heightKm) < 2e-15 * norm(positionKm), `${positionKm}: ${ours.heightKm}`);
  }
});

test('there and back is the same position, to 7 nanometres at the ISS', () => {
  for (let i = 0; i < 20_000; i++) {
    // Points of a sunflower over all the globe, at heights up to the Moon's.
    const place = {
      latitudeDeg: (Math.asin(1 - (2 * i + 1) / 20_000) * 180) / Math.PI,
      longitudeDeg: ((i * 137.507764) % 360) - 180,
      heightKm: i % 3 === 0 ? (i % 1000) * 400 : (i % 500) - 11,
    };
    const position = cartesianOf(place);
    const found = geodeticOf(position);
    const limit = 1e-15 * norm(position);
    assert.ok(norm(minus(cartesianOf(found), position)) < limit, `${JSON.stringify(place)} ${JSON.stringify(found)}`);
    assert.ok(Math.abs(found.heightKm - place.heightKm) < limit, `${JSON.stringify(place)} ${found.heightKm}`);
    assert.ok(found.longitudeDeg > -180 && found.longitudeDeg <= 180);
  }
});

test('the date line is 180, never -180', () => {
  for (const y of [0, -0, -1e-300, -1e-20]) assert.equal(geodeticOf([-6778, y, 100]).longitudeDeg, 180, `${y}`);
  assert.ok(geodeticOf([-6778, 1e-6, 0]).longitudeDeg < 180);
  assert.ok(geodeticOf([-6778, -1e-6, 0]).longitudeDeg > -180);
});

test('the poles are the poles, and longitude there is 0', () => {
  for (const z of [6778, -6778]) {
    const { latitudeDeg, longitudeDeg, heightKm } = geodeticOf([0, 0, z]);
    assert.equal(latitudeDeg, z > 0 ? 90 : -90);
    assert.equal(longitudeDeg, 0);
    assert.ok(Math.abs(heightKm - (6778 - 6356.752314245)) < 1e-9);
  }
});

test('near the centre of the Earth, beyond all numbers, and for none there is no place', () => {
  for (const position of [
    [0, 0, 0],
    [30, -30, 10],
    [Number.NaN, 0, 7000],
    [1e200, 0, 7000],
    [0, Number.NEGATIVE_INFINITY, 0],
  ] as const)
    assert.throws(() => geodeticOf(position), RangeError);
});
