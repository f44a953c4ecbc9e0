import assert from 'node:assert/strict';
import { test } from 'node:test';
import { centuriesSinceJ2000, daysSinceJ2000, modifiedJulianDate, ttJulianDate, ut1JulianDate, utcJulianDate } from './julian-date.ts';

test('known dates, before and after 1970', () => {
  assert.deepEqual(utcJulianDate(0), { midnight: 2_440_587.5, fraction: 0 });
  assert.deepEqual(utcJulianDate(Date.UTC(2000, 0, 1, 12)), { midnight: 2_451_544.5, fraction: 0.5 });
  assert.deepEqual(utcJulianDate(-1), { midnight: 2_440_586.5, fraction: 1 - 1 / 86_400_000 });
  assert.equal(daysSinceJ2000(utcJulianDate(Date.UTC(2000, 0, 1, 12))), 0);
  assert.equal(modifiedJulianDate(utcJulianDate(Date.UTC(2024, 1, 21))), 60_361);
  assert.equal(centuriesSinceJ2000(utcJulianDate(Date.UTC(2100, 0, 1, 12))), 1);
});

test('no microsecond is lost: the parts give the milliseconds back', () => {
  for (let i = 0; i < 1000; i++) {
    const timeMs = Date.UTC(2020, 0, 1) + i * 86_399_123.25;
    const { midnight, fraction } = utcJulianDate(timeMs);
    assert.ok(Math.abs((midnight - 2_440_587.5) * 86_400_000 + fraction * 86_400_000 - timeMs) < 1e-3, `${timeMs}`);
  }
});

// Days of TT since J2000.0 by astropy: python libs/analysis/verify/unit_references.py theory
const byAstropy: readonly (readonly [string, number])[] = [
  ['1975-03-01T00:00:00', -9072.499465462963],
  ['2000-01-01T12:00:00', 0.0007428703703703543],
  ['2016-12-31T23:59:59', 6209.500777592592],
  ['2024-02-21T12:00:00', 8817.000800740741],
  ['2026-11-23T06:07:08.123', 9822.755755868056],
  ['2049-07-02T18:30:00', 18080.271634074074],
];

test('Terrestrial Time is what astropy says, also in the last second before a leap second', () => {
  for (const [moment, days] of byAstropy) {
    const ours = daysSinceJ2000(ttJulianDate(Date.parse(`${moment}Z`)));
    assert.ok(Math.abs(ours - days) * 86_400 < 1e-6, `${moment}: ${ours}`);
  }
});

test('over a leap second TT and UT1 run on evenly, though UTC does not', () => {
  const midnight = Date.UTC(2017, 0, 1);
  const seconds = (days: number) => days * 86_400;
  // 23:59:59 and 00:00:01 are three seconds apart that night; UT1 - UTC goes from -0.408 to +0.592 s.
  const tt = daysSinceJ2000(ttJulianDate(midnight + 1000)) - daysSinceJ2000(ttJulianDate(midnight - 1000));
  assert.ok(Math.abs(seconds(tt) - 3) < 1e-6, `${seconds(tt)}`);
  const ut1 = daysSinceJ2000(ut1JulianDate(midnight + 1000, 0.592)) - daysSinceJ2000(ut1JulianDate(midnight - 1000, -0.408));
  assert.ok(Math.abs(seconds(ut1) - 3) < 1e-6, `${seconds(ut1)}`);
});
