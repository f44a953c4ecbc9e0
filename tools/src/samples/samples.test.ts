import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { samples } from './index.ts';
import { Noise } from './noise.ts';

const column = (csv: string, index: number) =>
  csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[index] as string);

test('samples are the same on every machine and every time', () => {
  const hashes = samples.map(({ id, csv }) => [id, createHash('sha256').update(csv()).digest('hex').slice(0, 16)]);
  assert.deepEqual(hashes, [
    ['turbidity', '4f480ea8be33c6af'],
    ['landings', '05fc3ea17176aef4'],
  ]);
});

test('samples say that they are made up, and have the rows they promise', () => {
  for (const { title } of samples) assert.match(title, /\(simulated\)/);
  assert.deepEqual(
    samples.map(({ csv }) => csv().trimEnd().split('\n').length - 1),
    [370, 1000],
  );
});

test('turbidity is current times constant, hour by hour', () => {
  const rows =
    samples[0]
      ?.csv()
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')) ?? [];
  for (const [, current, constant, ntu] of rows) assert.ok(Math.abs(Number(current) * Number(constant) - Number(ntu)) < 1e-4);
  const times = rows.map(([time]) => Date.parse(time as string));
  assert.ok(times.every((t, i) => i === 0 || t - (times[i - 1] as number) === 3_600_000));
});

test('landings lie on the globe and are named once each', () => {
  const csv = samples[1]?.csv().replaceAll('"Iron, IIIAB"', 'Iron') ?? '';
  assert.equal(new Set(column(csv, 1)).size, 1000);
  assert.ok(column(csv, 5).every((v) => Math.abs(Number(v)) <= 90));
  assert.ok(column(csv, 6).every((v) => Math.abs(Number(v)) <= 180));
  assert.ok(column(csv, 4).every((v) => Number(v) >= 1800 && Number(v) <= 2013));
});

test('the noise is as even and as normal as it says', () => {
  const noise = new Noise(7);
  const uniform = Array.from({ length: 20_000 }, () => noise.uniform());
  const normal = Array.from({ length: 20_000 }, () => noise.normal());
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  assert.ok(uniform.every((v) => v >= 0 && v < 1));
  assert.ok(Math.abs(mean(uniform) - 0.5) < 0.01);
  assert.ok(Math.abs(mean(normal)) < 0.02);
  assert.ok(Math.abs(mean(normal.map((v) => v * v)) - 1) < 0.03);
});
