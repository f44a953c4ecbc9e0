import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earthOrientationAt, unknownEarthOrientation } from './earth-orientation.ts';
import { earthOrientationTable as table } from './earth-orientation-table.ts';
import type { EarthOrientationTable } from './orientation-table.ts';

const msPerDay = 86_400_000;
const msOfMjd = (mjd: number): number => (mjd - 40_587) * msPerDay;
const lastMjd = table.firstMjd + (table.ut1MinusUtcSeconds.length - 1) * table.stepDays;

test('the table is whole: as many values of each kind, all of a size that occurs', () => {
  const { ut1MinusUtcSeconds, poleXArcsec, poleYArcsec } = table;
  assert.equal(poleXArcsec.length, ut1MinusUtcSeconds.length);
  assert.equal(poleYArcsec.length, ut1MinusUtcSeconds.length);
  assert.ok(ut1MinusUtcSeconds.every((value) => Math.abs(value) < 0.9));
  assert.ok([...poleXArcsec, ...poleYArcsec].every((value) => Math.abs(value) < 0.7));
  assert.equal((table.predictedFromMjd - table.firstMjd) % table.stepDays, 0);
  assert.ok(table.rapidFromMjd <= table.predictedFromMjd && table.predictedFromMjd <= lastMjd);
});

test('at a row it is the row, between two rows in proportion', () => {
  assert.deepEqual(earthOrientationAt(msOfMjd(58_850)), {
    ut1MinusUtcSeconds: -0.17758,
    poleXArcsec: 0.0746,
    poleYArcsec: 0.2827,
    isPredicted: false,
    isOutsideTable: false,
  });
  const between = earthOrientationAt(msOfMjd(58_850) + 2 * msPerDay);
  assert.ok(Math.abs(between.ut1MinusUtcSeconds - (-0.17758 * 0.6 - 0.17961 * 0.4)) < 1e-12);
  assert.ok(Math.abs(between.poleXArcsec - (0.0746 * 0.6 + 0.0666 * 0.4)) < 1e-12);
});

// astropy with daily finals2000A: python libs/analysis/verify/unit_references.py orientation
const byAstropy = [
  { moment: '2020-01-02T00:00:00', ut1MinusUtcSeconds: -0.1775806, poleXArcsec: 0.074635, poleYArcsec: 0.282666 },
  { moment: '2022-02-19T13:00:00', ut1MinusUtcSeconds: -0.1026659, poleXArcsec: 0.016108, poleYArcsec: 0.356277 },
  { moment: '2024-02-29T06:00:00', ut1MinusUtcSeconds: -0.0031814, poleXArcsec: 0.007316, poleYArcsec: 0.268362 },
  { moment: '2025-03-05T00:00:00', ut1MinusUtcSeconds: 0.0431191, poleXArcsec: 0.067826, poleYArcsec: 0.331186 },
  { moment: '2026-03-01T18:00:00', ut1MinusUtcSeconds: 0.0670073, poleXArcsec: 0.10496, poleYArcsec: 0.389545 },
];

test('daily values lie within what rows five days apart can say: 1.2 ms of UT1 (0.6 m at the ISS), 2 milliarcseconds of the pole', () => {
  for (const { moment, ...daily } of byAstropy) {
    const ours = earthOrientationAt(Date.parse(`${moment}Z`));
    assert.ok(Math.abs(ours.ut1MinusUtcSeconds - daily.ut1MinusUtcSeconds) < 0.0012, `${moment} ${ours.ut1MinusUtcSeconds}`);
    assert.ok(Math.abs(ours.poleXArcsec - daily.poleXArcsec) < 0.002, `${moment} ${ours.poleXArcsec}`);
    assert.ok(Math.abs(ours.poleYArcsec - daily.poleYArcsec) < 0.002, `${moment} ${ours.poleYArcsec}`);
  }
});

test('outside the table nothing is made up: zeros, and it says so', () => {
  for (const timeMs of [msOfMjd(table.firstMjd) - 1, msOfMjd(lastMjd) + 1, Date.UTC(1970, 0, 1), Number.NaN, Number.POSITIVE_INFINITY])
    assert.deepEqual(earthOrientationAt(timeMs), unknownEarthOrientation, `${timeMs}`);
  assert.equal(earthOrientationAt(msOfMjd(table.firstMjd)).isOutsideTable, false);
  assert.equal(earthOrientationAt(msOfMjd(lastMjd)).ut1MinusUtcSeconds, table.ut1MinusUtcSeconds.at(-1));
});

test('a value is called predicted as soon as a predicted row has part in it', () => {
  const predicted = msOfMjd(table.predictedFromMjd);
  assert.equal(earthOrientationAt(predicted - table.stepDays * msPerDay).isPredicted, false);
  assert.equal(earthOrientationAt(predicted - table.stepDays * msPerDay + 1).isPredicted, true);
  assert.equal(earthOrientationAt(predicted).isPredicted, true);
});

test('over a leap second UT1 - UTC jumps by the second and the Earth turns on evenly', () => {
  // The IERS values around the leap second of 2016-12-31.
  const over: EarthOrientationTable = {
    source: 'made for this test',
    firstMjd: 57_752,
    stepDays: 5,
    rapidFromMjd: 57_762,
    predictedFromMjd: 57_762,
    ut1MinusUtcSeconds: [-0.4046, 0.588],
    poleXArcsec: [0, 0],
    poleYArcsec: [0, 0],
  };
  const at = (timeMs: number) => earthOrientationAt(timeMs, over).ut1MinusUtcSeconds;
  const midnight = Date.UTC(2017, 0, 1);
  assert.ok(Math.abs(at(midnight - 1) - -0.40756) < 1e-9, `${at(midnight - 1)}`);
  assert.ok(Math.abs(at(midnight) - 0.59244) < 1e-9, `${at(midnight)}`);
  assert.equal(at(msOfMjd(57_752)), -0.4046);
  assert.ok(Math.abs(at(msOfMjd(57_757)) - 0.588) < 1e-12);
});
