import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closestEpoch, lastAtOrBefore } from './epochs.ts';

const times = Float64Array.of(0, 240, 300, 302, 304, 304.869, 544.869);

test('the last epoch at or before a time', () => {
  for (const [time, expected] of [
    [-1, -1],
    [0, 0],
    [239.999, 0],
    [240, 1],
    [303, 3],
    [544.869, 6],
    [1e9, 6],
    [Number.NaN, -1],
  ] as const)
    assert.equal(lastAtOrBefore(times, time), expected, `${time}`);
  assert.equal(lastAtOrBefore(new Float64Array(), 5), -1);
});

test('the closest epoch, of two as close the earlier, beyond the ends the end', () => {
  for (const [time, expected] of [
    [-1e9, 0],
    [119.9, 0],
    [120, 0],
    [120.1, 1],
    [301, 2],
    [301.1, 3],
    [304.5, 5],
    [Number.POSITIVE_INFINITY, 6],
  ] as const)
    assert.equal(closestEpoch(times, time), expected, `${time}`);
  assert.equal(closestEpoch(new Float64Array(), 5), undefined);
  assert.equal(closestEpoch(times, Number.NaN), undefined);
});

test('by halves it finds what looking at each one finds', () => {
  for (let time = -10; time < 560; time += 0.7) {
    const distances = [...times].map((one) => Math.abs(one - time));
    assert.equal(closestEpoch(times, time), distances.indexOf(Math.min(...distances)), `${time}`);
  }
});
