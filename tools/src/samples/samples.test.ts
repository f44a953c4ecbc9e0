import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Noise } from './noise.ts';
import { advanced, circularOrbit } from './orbit.ts';
import { samples } from './registry.ts';
import { midnight, type Sample } from './sample.ts';

const today = new Date('2026-01-02T00:00:00Z');
const sampleOf = (id: string) => samples.find((sample) => sample.id === id) as Sample;
const textOf = (id: string) => sampleOf(id).text(today);

const column = (csv: string, index: number) =>
  csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[index] as string);

test('samples are the same on every machine and every time', () => {
  const hashes = samples
    .filter(({ id }) => id !== 'iss')
    .map(({ id, text }) => [id, createHash('sha256').update(text(today)).digest('hex').slice(0, 16)]);
  assert.deepEqual(hashes, [
    ['turbidity', '5fae518a47314419'],
    ['meteorites', '05fc3ea17176aef4'],
    ['degrees', 'd3eaf57ab706bc87'],
    ['mars', '905bf93fcd309b46'],
  ]);
});

test('the titles of samples say that they are simulated', () => {
  for (const { title } of samples) assert.match(title, /\((simulated|example)\)/);
  assert.match(textOf('iss'), /SIMULATED.*not NASA data/);
});

interface Reading {
  datetime: string;
  calibration_constant: number;
  detector_current: number;
}

test('turbidity is current times constant, hour by hour, and above the threshold at its end', () => {
  const { turbidity_data: rows } = JSON.parse(textOf('turbidity')) as { turbidity_data: Reading[] };
  assert.equal(rows.length, 370);
  const times = rows.map(({ datetime }) => Date.parse(`${datetime.replace(' ', 'T')}Z`));
  assert.ok(times.every((t, i) => i === 0 || t - (times[i - 1] as number) === 3_600_000));
  const latest = rows.slice(-5).map((row) => row.calibration_constant * row.detector_current);
  assert.ok(latest.reduce((sum, value) => sum + value, 0) / 5 > 1);
});

test('landings have valid positions and unique names', () => {
  const csv = textOf('meteorites').replaceAll('"Iron, IIIAB"', 'Iron');
  assert.equal(new Set(column(csv, 1)).size, 1000);
  assert.ok(column(csv, 5).every((v) => Math.abs(Number(v)) <= 90));
  assert.ok(column(csv, 6).every((v) => Math.abs(Number(v)) <= 180));
  assert.ok(column(csv, 4).every((v) => Number(v) >= 1800 && Number(v) <= 2013));
});

test('the ephemeris covers its day in equal steps, with the burn', () => {
  const text = textOf('iss');
  const epochs = [...text.matchAll(/<EPOCH>(\d{4})-(\d{3})T([\d:.]+)Z</g)].map(
    ([, year, day, time]) => Date.UTC(Number(year), 0, Number(day)) + Date.parse(`1970-01-01T${time}Z`),
  );
  const steps = epochs.slice(1).map((epoch, i) => epoch - (epochs[i] as number));
  assert.equal(epochs[0], Date.parse('2026-01-01T12:00:00Z'));
  assert.ok((epochs.at(-1) as number) > Date.parse('2026-01-16T11:00:00Z'));
  assert.equal(steps.filter((step) => step === 2000).length, 60);
  assert.ok(steps.every((step) => step > 0 && step <= 240_000));
  assert.equal(text.match(/<COMMENT/g)?.length, 8);
  const { where } = sampleOf('iss').plot(today) as { where: { EPOCH: { lte: string } } };
  assert.equal(epochs.filter((epoch) => epoch <= Date.parse(where.EPOCH.lte)).length, 91, 'states of six hours in the plot');
  const numbers = [...text.matchAll(/<(X|Y|Z)(_DOT)? units="(km\/s|km)">(-?[\d.e-]+)</g)];
  assert.equal(numbers.length, epochs.length * 6);
});

test('an orbit keeps its height and its energy, and its node drifts west as the Earth’s flattening makes it', () => {
  let state = circularOrbit(418, 51.64, 0);
  const energy = ({ positionKm: [x, y, z], velocityKmPerS: [u, v, w] }: typeof state) => {
    const r = Math.hypot(x, y, z);
    const flat = 1 - ((1.0826269e-3 * 6378.1363 ** 2) / (2 * r * r)) * ((3 * z * z) / (r * r) - 1);
    return (u * u + v * v + w * w) / 2 - (398_600.4418 / r) * flat;
  };
  const before = energy(state);
  for (let minutes = 0; minutes < 1440; minutes += 4) {
    state = advanced(state, 240);
    assert.ok(Math.abs(Math.hypot(...state.positionKm) - 6796) < 25);
  }
  assert.ok(Math.abs(energy(state) - before) < 1e-6 * Math.abs(before), `${energy(state)} ${before}`);
  const [[x, y, z], [u, v, w]] = [state.positionKm, state.velocityKmPerS];
  const nodeDeg = (Math.atan2(y * w - z * v, -(z * u - x * w)) * 180) / Math.PI;
  // -3/2 n J2 (Re/a)^2 cos i: 4.97 degrees in a day at this height.
  assert.ok(Math.abs(nodeDeg + 4.97) < 0.1, String(nodeDeg));
});

test('the day of a sample begins at midnight UTC', () => {
  assert.equal(midnight(new Date('2026-11-25T23:59:59.999Z')).toISOString(), '2026-11-25T00:00:00.000Z');
});

test('the noise has the documented distributions', () => {
  const noise = new Noise(7);
  const uniform = Array.from({ length: 20_000 }, () => noise.uniform());
  const normal = Array.from({ length: 20_000 }, () => noise.normal());
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  assert.ok(uniform.every((v) => v >= 0 && v < 1));
  assert.ok(Math.abs(mean(uniform) - 0.5) < 0.01);
  assert.ok(Math.abs(mean(normal)) < 0.02);
  assert.ok(Math.abs(mean(normal.map((v) => v * v)) - 1) < 0.03);
});
