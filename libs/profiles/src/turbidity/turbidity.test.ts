import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sharedData } from '@almanac/testkit';
import { emptySet } from '../record-set.ts';
import { ask, jsonOf, setOf } from '../testing.ts';
import { turbidity } from './index.ts';
import { hoursUntilSafe } from './treatment.ts';

const measurement = (datetime: string, calibration_constant: number, detector_current: number) => ({
  datetime,
  calibration_constant,
  detector_current,
  turbidity: calibration_constant * detector_current,
});
const unsafe = setOf([9, 1, 1, 1, 1, 2].map((current, hour) => measurement(`2023-02-01 0${hour}:00`, 1, current)));
const safe = setOf([0.5, 0.6].map((current, hour) => measurement(`2023-02-01 0${hour}:00`, 1, current)));

test('the mean of the latest five decides', async () => {
  const answer = await jsonOf(ask(turbidity, '/turbidity', unsafe));
  const { minimum_time, ...rest } = answer as { minimum_time: number };
  assert.deepEqual(rest, { turbidity: 1.2, units: 'NTU', measurements: 5, threshold: 1, safe: false, time_units: 'hours', decay: 0.02 });
  assert.ok(Math.abs(minimum_time - Math.log(1 / 1.2) / Math.log(0.98)) < 1e-12);
});

test('the course’s three lines', async () => {
  assert.deepEqual(await ask(turbidity, '/turbidity?f=text', unsafe), {
    kind: 'text',
    status: 200,
    text: 'Average turbidity based on most recent five measurements = 1.2000 NTU\nWarning: Turbidity is above threshold for safe use\nMinimum time required to return below a safe threshold = 9.02 hours\n',
  });
  assert.deepEqual(await ask(turbidity, '/turbidity?f=text', safe), {
    kind: 'text',
    status: 200,
    text: 'Average turbidity based on most recent two measurements = 0.5500 NTU\nInfo: Turbidity is below threshold for safe use\nMinimum time required to return below a safe threshold = 0 hours\n',
  });
});

test('threshold, decay and number can be given, and are checked', async () => {
  const answer = await jsonOf(ask(turbidity, '/turbidity?threshold=0.6&decay=50&measurements=1', unsafe));
  assert.deepEqual([answer.turbidity, answer.measurements], [2, 1]);
  assert.ok(Math.abs((answer.minimum_time as number) - Math.log2(2 / 0.6)) < 1e-12);
  for (const query of ['threshold=-1', 'decay=100', 'decay=abc', 'measurements=2.5', 'measurements=0'])
    await assert.rejects(ask(turbidity, `/turbidity?${query}`, unsafe), { status: 400 });
});

test('a long text that is no number is refused at once', async () => {
  const set = setOf([{ ...measurement('2023-02-01 00:00', 1, 1), turbidity: `${'1'.repeat(100_000)}x` }]);
  const before = process.cpuUsage();
  await assert.rejects(ask(turbidity, '/turbidity', set), { status: 400, message: /is not a number/ });
  assert.ok(process.cpuUsage(before).user < 500_000);
});

test('history, and nothing where nothing is loaded', async () => {
  assert.deepEqual(await jsonOf(ask(turbidity, '/turbidity/history?limit=1&offset=1', unsafe)), [
    { datetime: '2023-02-01 01:00', turbidity: 1 },
  ]);
  assert.deepEqual(await jsonOf(ask(turbidity, '/turbidity/history', emptySet('turbidity'))), []);
  await assert.rejects(ask(turbidity, '/turbidity', emptySet('turbidity')), { status: 404 });
});

test('GET /data shows the records as the source had them: without the column that was computed, with one of its own', () => {
  const row = '{"datetime":"2023-02-01 00:00","calibration_constant":1.022,"turbidity":1.5}';
  const columns = ['datetime', 'calibration_constant', 'turbidity'].map((name) => ({ name, type: 'number' as const, asStored: true }));
  const computed = columns.map((column) => (column.name === 'turbidity' ? { ...column, derived: true } : column));
  assert.equal(
    turbidity.view(setOf([row], { columns: computed }), undefined)?.(row),
    '{"datetime":"2023-02-01 00:00","calibration_constant":1.022}',
  );
  assert.equal(turbidity.view(setOf([row], { columns }), undefined), undefined);
});

test('what falls by a share of itself each hour is at the threshold after the time told', () => {
  for (let i = 1; i <= 200; i++) {
    const treatment = { measurements: 5, thresholdNtu: 1, decayPercentPerHour: i / 3 };
    const [t0, hours] = [1 + i / 10, hoursUntilSafe(1 + i / 10, treatment)];
    assert.ok(Math.abs(t0 * (1 - i / 300) ** hours - 1) < 1e-9);
  }
});

const data = sharedData('turbidity_data.json');
test('the numbers of turbidity_data.json', { skip: data.skip }, async () => {
  type Row = { datetime: string; calibration_constant: number; detector_current: number };
  const { turbidity_data } = JSON.parse(readFileSync(data.path, 'utf8')) as { turbidity_data: Row[] };
  const set = setOf(
    turbidity_data.map(({ datetime, calibration_constant, detector_current }) =>
      measurement(datetime, calibration_constant, detector_current),
    ),
  );
  assert.equal(set.rows, 370);
  const answer = await jsonOf<{ turbidity: number; minimum_time: number }>(ask(turbidity, '/turbidity', set));
  assert.ok(Math.abs(answer.turbidity - 1.1018146) < 5e-8, String(answer.turbidity));
  assert.ok(Math.abs(answer.minimum_time - 4.7993) < 5e-5, String(answer.minimum_time));
});
