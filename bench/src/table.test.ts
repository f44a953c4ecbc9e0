import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, ratioOf } from './table.ts';

test('the median of an even count is the mean of the middle two', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([9, 1, 5]), 5);
});

test('a ratio is the median of the rounds, not the ratio of medians', () => {
  assert.deepEqual(ratioOf([1, 4, 9], [2, 2, 3]), { ratio: 2, spread: [0.5, 3] });
});
