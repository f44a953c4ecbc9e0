import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFonts } from '../../font.ts';
import { bandTicks } from './band.ts';
import { linearTicks } from './linear.ts';
import { logTicks } from './log.ts';
import type { Ticks } from './ticks.ts';
import { timeTicks } from './time.ts';

const written = ({ major, suffix }: Ticks): string =>
  `${major.map(({ label }) => label.join('/')).join(' ')}${suffix === '' ? '' : ` (${suffix})`}`;

const linear: [number, number, number, string][] = [
  [0, 10, 5, '0 2 4 6 8 10'],
  [-1, 1, 4, '−1.0 −0.5 0.0 0.5 1.0'],
  [0, 9_000, 4, '0 2000 4000 6000 8000'],
  [0, 45_000, 4, '0 10,000 20,000 30,000 40,000'],
  [4_000, 12_000, 4, '4,000 6,000 8,000 10,000 12,000'],
  [0, 6e7, 3, '0 20 40 60 (×10⁶)'],
  [0, 0.0005, 5, '0 100 200 300 400 500 (×10⁻⁶)'],
  [6_800_000, 6_800_005, 5, '6,800,000 6,800,001 6,800,002 6,800,003 6,800,004 6,800,005'],
  [0.98, 1.02, 4, '0.98 0.99 1.00 1.01 1.02'],
];
for (const [least, greatest, want, labels] of linear) {
  test(`linear ${least} to ${greatest}: ${labels}`, () => assert.equal(written(linearTicks([least, greatest], want)), labels));
}

test('counts and years get whole ticks', () => {
  assert.equal(written(linearTicks([0, 2.1], 8, 'whole')), '0.0 1.0 2.0'.replaceAll('.0', ''));
  assert.equal(written(linearTicks([1990, 1994], 8, 'whole')), '1990 1991 1992 1993 1994');
});

test('degrees have their sides', () => {
  assert.equal(written(linearTicks([-187, 187], 7, 'degreesEast')), '180° 120°W 60°W 0° 60°E 120°E 180°');
  assert.equal(written(linearTicks([-90, 90], 5, 'degreesNorth')), '90°S 45°S 0° 45°N 90°N');
  assert.equal(written(linearTicks([10.2, 10.8], 3, 'degreesEast')), '10.2 10.4 10.6 10.8');
});

const logs: [number, number, number, string, number][] = [
  [0.9, 11_000, 8, '1 10 100 1000 10,000', 33],
  [1, 60, 8, '1 2 5 10 20 50', 9],
  [0.01, 6e7, 12, '10⁻² 10⁻¹ 10⁰ 10¹ 10² 10³ 10⁴ 10⁵ 10⁶ 10⁷', 77],
  [0.01, 6e7, 6, '10⁻² 10⁰ 10² 10⁴ 10⁶', 10],
  [20, 90, 4, '20 40 60 80', 0],
];
for (const [least, greatest, want, labels, minor] of logs) {
  test(`log ${least} to ${greatest}: ${labels}`, () => {
    const ticks = logTicks([least, greatest], want);
    assert.equal(written(ticks), labels);
    assert.equal(ticks.minor.length, minor);
    for (const { at } of ticks.major) assert.ok(at >= least * 0.999 && at <= greatest * 1.001);
  });
}

const at = (text: string): number => Date.parse(text);
const times: [string, string, number, string][] = [
  [
    '2024-02-28T18:00:00Z',
    '2024-02-28T18:00:01Z',
    4,
    '18:00:00.000 18:00:00.200 18:00:00.400 18:00:00.600 18:00:00.800 18:00:01.000 (28 Feb 2024, UTC)',
  ],
  ['2024-02-28T18:00:00Z', '2024-02-28T18:30:00Z', 5, '18:00 18:05 18:10 18:15 18:20 18:25 18:30 (28 Feb 2024, UTC)'],
  ['2024-02-28T18:00:00Z', '2024-02-29T11:00:00Z', 4, '18:00/28 Feb 00:00/29 Feb 06:00 (2024, UTC)'],
  ['2023-02-01T00:00:00Z', '2023-02-16T09:00:00Z', 6, '1 Feb 4 Feb 7 Feb 10 Feb 13 Feb 16 Feb (2023, UTC)'],
  ['2023-12-28T00:00:00Z', '2024-01-04T00:00:00Z', 4, '28 Dec/2023 30 Dec 1 Jan/2024 3 Jan (UTC)'],
  ['2023-11-01T00:00:00Z', '2024-05-01T00:00:00Z', 7, 'Nov/2023 Dec Jan/2024 Feb Mar Apr May'],
  ['1970-01-01T00:00:00Z', '2020-01-01T00:00:00Z', 5, '1970 1980 1990 2000 2010 2020'],
];
for (const [from, to, want, labels] of times) {
  test(`time ${from} to ${to}: ${labels}`, () => assert.equal(written(timeTicks([at(from), at(to)], want)), labels));
}

test('names of categories: flat, wrapped, slanted, upright and thinned', () => {
  const { measure } = readFonts();
  const place = (count: number, length: number, name: string) =>
    bandTicks(
      Array.from({ length: count }, (_, i) => `${name} ${i}`),
      { length, isVertical: false, depth: 120, size: 12.5, measure },
    );
  const [flat, wrapped, slanted, upright] = [
    place(3, 400, 'L'),
    place(4, 400, 'Carbonaceous chondrite'),
    place(12, 400, 'Carbonaceous'),
    place(200, 400, 'Howardite'),
  ];
  assert.deepEqual([flat.angle, flat.left], [0, 0]);
  assert.ok(wrapped.angle === 0 && wrapped.major.every(({ label }) => label.length > 1));
  assert.deepEqual([slanted.angle, slanted.left], [-45, 0]);
  assert.ok(upright.angle === -90 && upright.left > 0);
});
