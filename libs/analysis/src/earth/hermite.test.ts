import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hermiteAtZero } from './hermite.ts';

const derivative = (coefficients: readonly number[]): number[] => coefficients.slice(1).map((c, i) => c * (i + 1));
const valueAt = (coefficients: readonly number[], x: number): number => coefficients.reduceRight((sum, c) => sum * x + c, 0);

/** A polynomial of this degree, looked at from `at`: its knots at the given places with so many derivatives each. */
function knotsOf(coefficients: readonly number[], places: readonly number[], many: number, at: number) {
  const all = [coefficients];
  for (let i = 1; i < many; i++) all.push(derivative(all[i - 1] as number[]));
  return places.map((place) => ({ time: place - at, derivatives: all.map((one) => valueAt(one, place)) }));
}

test('a polynomial is found again exactly: cubic, quintic, degree 7, 8 and 15, even and uneven knots', () => {
  for (const [places, many] of [
    [[0, 1], 2],
    [[0, 1], 3],
    [[-1, 0, 1, 2], 2],
    [[-0.7, 0, 1, 2.9], 2],
    [[0, 1, 2], 3],
    [[-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1], 2],
  ] as const) {
    const coefficients = Array.from({ length: places.length * many }, (_, i) => Math.sin(i * 7.3 + 1) * 3);
    for (const at of [0.2, 0.5, 0.93]) {
      const found = hermiteAtZero(knotsOf(coefficients, places, many, at));
      const value = valueAt(coefficients, at);
      assert.ok(Math.abs(found.value - value) < 1e-10 * Math.max(1, Math.abs(value)), `${places} ${found.value} ${value}`);
      const slope = valueAt(derivative(coefficients), at);
      assert.ok(Math.abs(found.derivative - slope) < 1e-9 * Math.max(1, Math.abs(slope)), `${places} ${found.derivative} ${slope}`);
    }
  }
});

test('knots may know different numbers of derivatives, and one knot is a tangent', () => {
  const square = [
    { time: -1, derivatives: [1] },
    { time: 2, derivatives: [4, 4] },
  ];
  assert.deepEqual(hermiteAtZero(square), { value: 0, derivative: 0 });
  assert.deepEqual(hermiteAtZero([{ time: -2, derivatives: [5, 3] }]), { value: 11, derivative: 3 });
});
