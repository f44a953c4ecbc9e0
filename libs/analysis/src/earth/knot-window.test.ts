import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knotWindow } from './knot-window.ts';

/** Times of states with these steps between them. */
const times = (...steps: number[]) => Float64Array.from([0, ...steps].map((_, i) => steps.slice(0, i).reduce((a, b) => a + b, 0)));
const windowOf = (steps: number[], i: number, wanted = 4): [number, number] => {
  const { first, last } = knotWindow(times(...steps), i, wanted);
  return [first, last];
};

test('with even steps it reaches out to both sides, first to the left', () => {
  assert.deepEqual(windowOf([1, 1, 1, 1, 1], 2), [1, 4]);
  assert.deepEqual(windowOf([1, 1, 1, 1, 1], 2, 3), [1, 3]);
  assert.deepEqual(windowOf([1, 1, 1, 1, 1], 2, 5), [0, 4]);
});

test('at the ends and beside a step of another size it is one-sided', () => {
  assert.deepEqual(windowOf([1, 1, 1, 1], 0), [0, 3]);
  assert.deepEqual(windowOf([1, 1, 1, 1], 3), [1, 4]);
  assert.deepEqual(windowOf([240, 240, 2, 240, 240, 240], 3), [3, 6]);
  assert.deepEqual(windowOf([240, 240, 240, 2, 2, 2], 2), [0, 3]);
});

test('steps of half to twice the own one are taken, others are not', () => {
  assert.deepEqual(windowOf([120, 240, 480], 1), [0, 3]);
  assert.deepEqual(windowOf([119, 240, 481], 1), [1, 2]);
  assert.deepEqual(windowOf([240, 60, 2, 2], 1), [1, 2]);
});

test('where there are no more states it stops', () => {
  assert.deepEqual(windowOf([1], 0), [0, 1]);
  assert.deepEqual(windowOf([1, 1], 0), [0, 2]);
});
