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

test('numbers near the largest double have a mean and a deviation, and every statistic is a finite number', () => {
  assert.deepEqual(summariseNumbers([1e308, 1e308]), { count: 2, missing: 0, min: 1e308, max: 1e308, mean: 1e308, standardDeviation: 0 });
  const wide = summariseNumbers([1e308, -1e308, 0, 5e-324, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY]);
  assert.deepEqual([wide.count, wide.missing, wide.min, wide.max], [5, 2, -1e308, Number.MAX_VALUE]);
  assert.ok(Math.abs((wide.mean as number) / 3.5953862697246315e307 - 1) < 1e-12);
  assert.ok((wide.standardDeviation as number) > 1e308);
  const beyond = summariseNumbers([Number.MAX_VALUE, -Number.MAX_VALUE]);
  assert.deepEqual([beyond.mean, 'standardDeviation' in beyond], [0, false]);
  assert.equal(JSON.stringify(wide).includes('null'), false);
});

test('times beyond every date are told as the last date', () => {
  assert.equal(summariseTimes([9e15, 0]).max, '+275760-09-13T00:00:00.000Z');
});
