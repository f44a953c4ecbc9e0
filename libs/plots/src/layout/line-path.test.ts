import assert from 'node:assert/strict';
import { test } from 'node:test';
import { make, random } from '../testing.ts';
import { linePath } from './line-path.ts';

const box = { x: 10, y: 0, w: 50, h: 100 };
const still = { ax: 0, kx: 1, ay: 0, ky: 1 };
const pairs = (xy: Float64Array): [number, number][] => Array.from({ length: xy.length / 2 }, (_, i) => [xy[2 * i]!, xy[2 * i + 1]!]);

/** The definition itself: for each pixel column the first, least, greatest and last point, each once, in order. */
function expected(x: Float64Array, y: Float64Array, density: number): [number, number][] {
  const columns = new Map<number, number[]>();
  x.forEach((value, i) => {
    const column = Math.floor((value - box.x) * density);
    columns.set(column, [...(columns.get(column) ?? []), i]);
  });
  return [...columns.values()].flatMap((rows) => {
    const by = (better: (a: number, b: number) => boolean) => rows.reduce((best, i) => (better(y[i]!, y[best]!) ? i : best));
    const kept = [rows[0]!, by((a, b) => a < b), by((a, b) => a > b), rows[rows.length - 1]!];
    return [...new Set(kept)].sort((a, b) => a - b).map((i): [number, number] => [x[i]!, y[i]!]);
  });
}

test('M4 keeps exactly the first, least, greatest and last point of each device pixel column', () => {
  for (const density of [1, 2]) {
    const next = random(5 + density);
    const y = make(5000, () => next() * 100);
    const x = make(5000, () => 10 + next() * 50).sort();
    const { xy, note } = linePath({ x, y, at: still }, box, density);
    assert.deepEqual(pairs(xy), expected(x, y, density));
    assert.match(note!, /5,000 points/);
  }
});

test('short lines and lines over unsorted x are drawn whole', () => {
  const next = random(2);
  const y = make(5000, () => next());
  const unsorted = make(5000, () => 10 + next() * 50);
  assert.equal(linePath({ x: unsorted, y, at: still }, box, 1).xy.length, 10_000);
  assert.equal(linePath({ x: make(200, (i) => 10 + i / 4), y: y.subarray(0, 200), at: still }, box, 1).xy.length, 400);
});

test('a gap wider than a pixel lifts the pen, and a point between gaps becomes a stroke of its own', () => {
  const x = make(1000, (i) => 10 + i / 20);
  const y = make(1000, (i) => ((i > 300 && i < 500) || (i > 502 && i < 600) ? Number.NaN : i));
  const long = pairs(linePath({ x, y, at: still }, box, 1).xy);
  const breaks = long.flatMap(([px], i) => (Number.isNaN(px) ? [i] : []));
  assert.equal(breaks.length, 2);
  assert.ok(long[breaks[0]! - 1]![1] <= 300 && long[breaks[0]! + 1]![1] === 500);
  const lone = pairs(linePath({ x: make(3, (i) => i), y: Float64Array.of(Number.NaN, 7, Number.NaN), at: still }, box, 1).xy);
  assert.deepEqual(lone.slice(1, 3), [
    [1, 7],
    [1.01, 7],
  ]);
});
