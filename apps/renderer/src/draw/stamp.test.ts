import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PointsItem } from '@almanac/plots';
import { stampPoints } from './stamp.ts';

const clip = { x: 0, y: 0, w: 20, h: 20 };
const item = (x: number[], y: number[], more: Partial<PointsItem> = {}): PointsItem => ({
  item: 'points',
  x: Float64Array.from(x),
  y: Float64Array.from(y),
  at: { ax: 0, kx: 1, ay: 0, ky: 1 },
  radius: 3,
  colour: '#1f6fb4',
  opacity: 0.1,
  shape: 'circle',
  clip,
  ...more,
});
const white = () => new Uint8ClampedArray(20 * 20 * 4).fill(255);
const pixel = (pixels: Uint8ClampedArray, x: number, y: number) => [...pixels.subarray((y * 20 + x) * 4, (y * 20 + x) * 4 + 4)];

test('a thousand faint dots in one place reach the full colour: nothing stalls', () => {
  const pixels = white();
  stampPoints(pixels, item(Array(1000).fill(10), Array(1000).fill(10)), 1);
  assert.deepEqual(pixel(pixels, 10, 10), [0x1f, 0x6f, 0xb4, 255]);
  assert.deepEqual(pixel(pixels, 2, 2), [255, 255, 255, 255]);
});

test('one dot covers its area, wherever its centre lies in a pixel', () => {
  for (const [x, y] of [
    [10, 10],
    [10.3, 9.8],
    [9.5, 10.5],
  ] as const) {
    const pixels = white();
    stampPoints(pixels, item([x], [y], { colour: '#000000', opacity: 1 }), 1);
    let covered = 0;
    for (let i = 0; i < pixels.length; i += 4) covered += 1 - pixels[i]! / 255;
    assert.ok(Math.abs(covered - Math.PI * 9) < 0.6, `${covered} of ${Math.PI * 9}`);
  }
});

test('dots of their own colour: the later lies over the earlier; a position that is none is passed over', () => {
  const pixels = white();
  const colour = { codes: Uint16Array.of(0, 1, 0), colours: ['#ff0000', '#0000ff'] };
  stampPoints(pixels, item([10, 10, Number.NaN], [10, 10, 10], { colour, opacity: 1 }), 1);
  assert.deepEqual(pixel(pixels, 10, 10), [0, 0, 255, 255]);
});

test('the edge of the box cuts dots and breaks nothing, on empty ground too', () => {
  const pixels = new Uint8ClampedArray(20 * 20 * 4);
  stampPoints(pixels, item([0, 20, -1, 25], [0, 20, 30, 10], { opacity: 1 }), 1);
  assert.deepEqual(pixel(pixels, 0, 0), [0x1f, 0x6f, 0xb4, 255]);
  assert.deepEqual(pixel(pixels, 10, 10), [0, 0, 0, 0]);
});
