import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishedNodes } from './node-comments.ts';

test('the nodes are found among all the comments of a file, in both spellings', () => {
  assert.deepEqual(
    publishedNodes([
      'Units are in kg and m^2',
      '',
      'Orbits start at the ascending node epoch ',
      'ISS first asc. node: EPOCH = 2022-02-11T12:08:41.500 $ ORBIT = 568 $ LAN(DEG) = -84.71503',
      'ISS last asc. node : EPOCH = 2024-02-29T10:54:10.526 $ ORBIT = 4168 $ LAN(DEG) = 171.93642',
      ' GMT057 Reboost        057:01:37:00.000             0.4     423.8     409.1',
    ]),
    [
      { timeMs: Date.UTC(2022, 1, 11, 12, 8, 41, 500), longitudeDeg: -84.71503, orbit: 568 },
      { timeMs: Date.UTC(2024, 1, 29, 10, 54, 10, 526), longitudeDeg: 171.93642, orbit: 4168 },
    ],
  );
});

test('day-of-year epochs, a missing orbit and a whole number are read too; what is broken is passed over', () => {
  assert.deepEqual(
    publishedNodes([
      'ISS first asc. node: EPOCH = 2022-042T12:08:41.500Z $ LAN(DEG) = 180',
      'ISS first asc. node: EPOCH = yesterday $ ORBIT = 568 $ LAN(DEG) = -84.71503',
      'ISS first asc. node: EPOCH = 2022-02-11T12:08:41.500 $ ORBIT = 568 $ LAN(DEG) = ',
    ]),
    [{ timeMs: Date.UTC(2022, 1, 11, 12, 8, 41, 500), longitudeDeg: 180 }],
  );
});

test('an endless comment costs no time', () => {
  const before = process.cpuUsage();
  publishedNodes([`asc. node: EPOCH = ${'9'.repeat(1_000_000)}`, 'asc. node: EPOCH = '.repeat(50_000), ' '.repeat(1_000_000)]);
  assert.ok(process.cpuUsage(before).user < 1_000_000);
});
