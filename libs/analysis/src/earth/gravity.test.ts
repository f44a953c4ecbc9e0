import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gravityKmPerS2 } from './gravity.ts';
import { minus, norm, type Vector } from './vector.ts';

/** The potential whose slope gravity is: mu/r (1 - J2 (R/r)^2 P2(sin latitude)), in km^2/s^2. */
function potential(position: Vector): number {
  const r = norm(position);
  const sin = position[2] / r;
  return (398_600.4418 / r) * (1 - 1.0826269e-3 * (6378.1363 / r) ** 2 * ((3 * sin * sin - 1) / 2));
}

test('gravity is the slope of the potential of a flattened Earth', () => {
  for (const position of [
    [6778, 0, 0],
    [0, 0, -6778],
    [4721.5, 2692.6, -4082.4],
    [-3000, 20000, 36000],
  ] as const) {
    const gravity = gravityKmPerS2(position);
    for (const axis of [0, 1, 2] as const) {
      const moved = (by: number): Vector => [0, 1, 2].map((i) => position[i as 0 | 1 | 2] + (i === axis ? by : 0)) as unknown as Vector;
      const slope = potential(moved(0.5)) - potential(moved(-0.5));
      assert.ok(Math.abs(gravity[axis] - slope) < 1e-10, `${position} ${axis}: ${gravity[axis]}, slope ${slope}`);
    }
  }
});

test('a second of real flight bends as gravity says, but for its finer part', () => {
  // NASA's ephemeris 2022-042 has a 1-s step at 2022-02-18T23:58:29: the position amid it (km), the change of velocity in it (km/s).
  const gravity = gravityKmPerS2([-444.447225539852, -4495.19574805901, 5066.07492360407]);
  const change: Vector = [0.00056528081156, 0.00571540908134, -0.00645980839762];
  assert.ok(norm(minus(gravity, change)) < 3e-7, `${gravity}`);
});
