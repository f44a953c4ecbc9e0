import assert from 'node:assert/strict';
import { test } from 'node:test';
import { taiMinusUtcSeconds } from './leap-seconds.ts';

// ERFA's dat() at the first of each January and July since 1972: python libs/analysis/verify/unit_references.py leap
const byErfa: readonly (readonly [string, number])[] = [
  ['1972-01-01', 10],
  ['1972-07-01', 11],
  ['1973-01-01', 12],
  ['1974-01-01', 13],
  ['1975-01-01', 14],
  ['1976-01-01', 15],
  ['1977-01-01', 16],
  ['1978-01-01', 17],
  ['1979-01-01', 18],
  ['1980-01-01', 19],
  ['1981-07-01', 20],
  ['1982-07-01', 21],
  ['1983-07-01', 22],
  ['1985-07-01', 23],
  ['1988-01-01', 24],
  ['1990-01-01', 25],
  ['1991-01-01', 26],
  ['1992-07-01', 27],
  ['1993-07-01', 28],
  ['1994-07-01', 29],
  ['1996-01-01', 30],
  ['1997-07-01', 31],
  ['1999-01-01', 32],
  ['2006-01-01', 33],
  ['2009-01-01', 34],
  ['2012-07-01', 35],
  ['2015-07-01', 36],
  ['2017-01-01', 37],
];

test('TAI - UTC is what ERFA says, in every half year since 1972', () => {
  for (let year = 1972; year <= 2026; year++)
    for (const half of ['01-01', '07-01']) {
      const day = `${year}-${half}`;
      const expected = byErfa.findLast(([from]) => from <= day)?.[1];
      assert.equal(taiMinusUtcSeconds(Date.parse(day)), expected, day);
    }
});

test('it changes at midnight, to the millisecond, and never again since 2017', () => {
  for (const [day, seconds] of byErfa.slice(1)) {
    assert.equal(taiMinusUtcSeconds(Date.parse(day) - 1), seconds - 1, `before ${day}`);
    assert.equal(taiMinusUtcSeconds(Date.parse(day)), seconds, day);
  }
  assert.equal(taiMinusUtcSeconds(Date.UTC(2035, 6, 1)), 37);
});

test('before there were leap seconds the first value stands', () => {
  assert.equal(taiMinusUtcSeconds(Date.UTC(1961, 0, 1)), 10);
  assert.equal(taiMinusUtcSeconds(Number.NEGATIVE_INFINITY), 10);
});
