import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summariseNumbers, summariseTexts, summariseTimes } from './summarise.ts';

test('numbers: what is missing does not count, and the deviation is that of a sample', () => {
  assert.deepEqual(summariseNumbers([2, Number.NaN, 4, 4, 4, 5, 5, 7, 9]), {
    count: 8,
    missing: 1,
    min: 2,
    max: 9,
    mean: 5,
    standardDeviation: Math.sqrt(32 / 7),
  });
  assert.deepEqual(summariseNumbers([3]), { count: 1, missing: 0, min: 3, max: 3, mean: 3 });
  assert.deepEqual(summariseNumbers(new Float64Array(2).fill(Number.NaN)), { count: 0, missing: 2 });
  // Far from zero a sum of squares would lose every digit.
  assert.ok(Math.abs((summariseNumbers([1e9 + 1, 1e9 + 2, 1e9 + 3]).standardDeviation as number) - 1) < 1e-9);
});

test('times and texts', () => {
  const times = summariseTimes([Date.UTC(2024, 1, 21), Number.NaN, Date.UTC(2023, 0, 1)]);
  assert.deepEqual(times, { count: 2, missing: 1, min: '2023-01-01T00:00:00.000Z', max: '2024-02-21T00:00:00.000Z' });
  assert.deepEqual(summariseTexts([0, 1, 1, -1], ['a', 'b', 'never']), {
    count: 3,
    missing: 1,
    distinct: 2,
    mostFrequent: { value: 'b', count: 2 },
  });
  assert.deepEqual(summariseTexts([], []), { count: 0, missing: 0, distinct: 0 });
});
