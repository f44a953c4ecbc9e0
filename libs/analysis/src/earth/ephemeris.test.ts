import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ephemerisOf, stateAt } from './ephemeris.ts';

const day = Date.UTC(2024, 1, 21);
const numbers = (...values: number[]) => Float64Array.from(values);

test('states come back from their columns', () => {
  const ephemeris = ephemerisOf(numbers(day, day + 1), numbers(1, 2, 3, 4, 5, 6), numbers(7, 8, 9, 10, 11, 12));
  assert.deepEqual(stateAt(ephemeris, 1), { timeMs: day + 1, positionKm: [4, 5, 6], velocityKmPerS: [10, 11, 12] });
});

test('columns that are no ephemeris are refused with the place of the fault', () => {
  const three = numbers(1, 2, 3);
  const six = numbers(1, 2, 3, 4, 5, 6);
  for (const [columns, message] of [
    [[numbers(day), six, three], /1 times need 3 numbers in positionsKm, not 6/],
    [[numbers(day), three, six], /in velocitiesKmPerS, not 6/],
    [[numbers(day, day), six, six], /state 1 at 2024-02-21T00:00:00.000Z is not later/],
    [[numbers(day, day - 1), six, six], /state 1 at .* is not later/],
    [[numbers(day, Number.NaN), six, six], /state 1 has no time/],
    [[numbers(day, 9e15), six, six], /state 1 has no time/],
    [[numbers(day, day + 1), six, numbers(1, 2, 3, 4, Number.NaN, 6)], /state 1 at 2024-02-21T00:00:00.001Z lacks a number/],
  ] as const)
    assert.throws(() => ephemerisOf(...(columns as [Float64Array, Float64Array, Float64Array])), { name: 'RangeError', message });
});

test('an ephemeris may be empty', () => {
  assert.equal(ephemerisOf(numbers(), numbers(), numbers()).timesMs.length, 0);
});
