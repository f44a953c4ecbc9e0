import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PointsItem } from '@almanac/plots';
import { bandsOf, Scratch, stampPoints } from './stamp.ts';

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

test('bands of a large picture give the same bytes as the whole', () => {
  const count = 3000;
  const x = Float64Array.from({ length: count }, (_, i) => (i * 7919) % 397);
  const y = Float64Array.from({ length: count }, (_, i) => ((i * 104729) % 2903) / 10);
  const clip = { x: 0, y: 0, w: 400, h: 290 };
  const common = { item: 'points' as const, x, y, at: { ax: 0.3, kx: 1, ay: 0.7, ky: 1 }, opacity: 0.4, shape: 'circle' as const, clip };
  const colours = { codes: Uint16Array.from(x, (v) => v % 2), colours: ['#ff0000', '#0000ff'] };
  for (const look of [
    { radius: 3, colour: '#1f6fb4' },
    { radius: Float32Array.from(x, (v) => 1 + (v % 9)), colour: colours },
  ]) {
    const item = { ...common, ...look };
    const whole = new Uint8ClampedArray(400 * 290 * 4).fill(255);
    stampPoints(whole, item, 1);
    const banded = new Uint8ClampedArray(400 * 290 * 4).fill(255);
    const scratch = new Scratch();
    for (let top = 0; top < 290; top += 7) {
      const height = Math.min(7, 290 - top);
      stampPoints(banded.subarray(top * 1600, (top + height) * 1600), item, 1, { top, height }, scratch);
    }
    assert.ok(Buffer.from(banded).equals(Buffer.from(whole)));
  }
  const bands = bandsOf({ clip: { x: 0, y: 0, w: 4000, h: 3990 } }, 1);
  assert.equal(
    bands.reduce((rows, { height }) => rows + height, 0),
    3990,
  );
  assert.ok(bands.length > 10 && bands.every(({ height }) => height * 4000 <= 1_000_000));
});
