import assert from 'node:assert/strict';
import { test } from 'node:test';
import { make, numbers, random, strings } from '../testing.ts';
import { aggregateGroups } from './aggregate.ts';
import { countInto, equalEdges, isSkewed, roundEdges, wantedBins } from './bins.ts';
import { extent, logDomain, padded, writeRange } from './columns.ts';
import { groupsOf } from './groups.ts';
import { missingNotes } from './missing.ts';
import { writeNumber } from './numbers.ts';

test('bins are exact: each value lies where the edges say, all are counted, whatever the numbers', () => {
  const next = random(11);
  for (let round = 0; round < 60; round++) {
    const scale = 10 ** Math.floor(next() * 12 - 6);
    const offset = (next() - 0.5) * scale * 100;
    const bins = 1 + Math.floor(next() * 90);
    const values = make(500, () => offset + Math.round(next() * 40) * scale);
    const { edges, counts } = countInto(values, equalEdges(extent(values), bins));
    const byHand = new Float64Array(bins);
    for (const value of values)
      byHand[
        Math.min(
          bins - 1,
          edges.findLastIndex((edge) => edge <= value),
        )
      ]!++;
    assert.deepEqual(counts, byHand);
    assert.equal(
      counts.reduce((a, b) => a + b),
      500,
    );
  }
});

test('N bins are N, from the least to the greatest value; NaN counts nowhere; one value gets a bin of its own', () => {
  const values = Float64Array.of(1, 2, 3, Number.NaN, 5);
  const { edges, counts } = countInto(values, equalEdges(extent(values), 4));
  assert.deepEqual([...edges], [1, 2, 3, 4, 5]);
  assert.deepEqual([...counts], [1, 1, 1, 1]);
  assert.deepEqual([...countInto(Float64Array.of(7, 7), equalEdges([7, 7], 1)).counts], [2]);
});

test('round bins begin and end at round values and hold every value', () => {
  assert.deepEqual([...roundEdges([0.3, 9.7], 5, false)], [0, 2, 4, 6, 8, 10]);
  assert.deepEqual([...roundEdges([1990, 1994], 5, true)], [1989.5, 1990.5, 1991.5, 1992.5, 1993.5, 1994.5]);
  const next = random(4);
  for (let round = 0; round < 200; round++) {
    const least = (next() - 0.5) * 10 ** (next() * 8 - 3);
    const greatest = least + 10 ** (next() * 8 - 3);
    const edges = roundEdges([least, greatest], 5 + Math.floor(next() * 50), false);
    assert.ok(edges[0]! <= least && edges[edges.length - 1]! > greatest * (1 - 1e-12), `${least} ${greatest}`);
    assert.ok(edges.every((edge, i) => i === 0 || edge > edges[i - 1]!));
  }
});

test('the number of bins follows the spread and the number of values', () => {
  const next = random(8);
  const normal = make(10_000, () => next() + next() + next() + next() - 2);
  const wanted = wantedBins(normal, extent(normal));
  assert.ok(wanted >= 30 && wanted <= 60, String(wanted));
  assert.equal(wantedBins(Float64Array.of(1, 2), [1, 2]), 5);
});

test('masses are skewed; heights, even counts and what may be negative are not', () => {
  const next = random(6);
  assert.ok(isSkewed(make(1000, () => 10 ** (next() * 7))));
  assert.ok(isSkewed(make(1000, (i) => (i % 40 === 0 ? 0 : 10 ** (next() * 7)))));
  assert.ok(!isSkewed(make(1000, () => 1 + next() * 1e6)));
  assert.ok(!isSkewed(make(1000, () => 10 ** (next() * 7) - 2)));
});

test('groups: most frequent first, missing apart; sums are exact where plain addition is not', () => {
  const classes = strings('class', ['a', 'b', 'b', null, 'c', 'b']);
  const groups = groupsOf(classes);
  assert.deepEqual(
    [groups.names, groups.counts, [...groups.of]],
    [
      ['b', 'a', 'c'],
      [3, 1, 1],
      [1, 0, 0, -1, 2, 0],
    ],
  );
  const y = numbers('y', [Number.NaN, 1e100, 1, 5, 2, -1e100]);
  assert.deepEqual([...aggregateGroups(groups, 'sum', y)], [1, Number.NaN, 2]);
  assert.deepEqual([...aggregateGroups(groups, 'count', y)], [3, 0, 1]);
  assert.deepEqual([...aggregateGroups(groups, 'max', y)], [1e100, Number.NaN, 2]);
  assert.deepEqual([...aggregateGroups(groups, 'mean', y)], [1 / 3, Number.NaN, 2]);
  assert.deepEqual(groupsOf(numbers('b', [1, 0, 1], { type: 'boolean' })).names, ['true', 'false']);
});

test('limits have room, also around a constant, on logarithmic axes by ratio', () => {
  assert.deepEqual(padded([0, 100]), [-4, 104]);
  assert.deepEqual(padded([42, 42]), [42 - 2.1, 42 + 2.1]);
  assert.deepEqual(extent(Float64Array.of(Number.NaN)), [0, 1]);
  assert.deepEqual(logDomain(undefined), [1, 10]);
  assert.ok(Math.abs(logDomain([1, 1e4], 0.25)[1] / 1e5 - 1) < 1e-12);
});

test('numbers and ranges in sentences', () => {
  assert.deepEqual([0, 45716, -0.5, Math.PI, 1e-7, 6.02e23, 12345.678, Number.NaN].map(writeNumber), [
    '0',
    '45,716',
    '−0.5',
    '3.142',
    '1×10⁻⁷',
    '6.02×10²³',
    '12,346',
    '–',
  ]);
  assert.equal(writeRange(numbers('mass', [1, 6e7], { unit: 'g' })), 'mass (g) from 1 to 60,000,000');
  assert.equal(writeRange(numbers('t', [0, 1.5], { type: 'time' })), 't from 1970-01-01 to 1970-01-01T00:00:00.001Z');
  assert.equal(writeRange(numbers('none', [Number.NaN])), 'none without a value');
});

test('what is missing is said in numbers', () => {
  const [x, y] = [numbers('x', [1, Number.NaN, 3]), numbers('y', [Number.NaN, Number.NaN, 3])];
  assert.deepEqual(missingNotes([x, y]), ['2 of 3 records have no x or y and are not drawn.']);
  assert.deepEqual(missingNotes([x], 'not counted'), ['1 of 3 records has no x and is not counted.']);
  assert.deepEqual(missingNotes([numbers('z', [1])]), []);
});
