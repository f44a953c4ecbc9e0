import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastValues, positiveNumber, shapeOf } from './parameters.ts';

test('of a name that was given several times the last value counts', () => {
  assert.deepEqual(lastValues({ limit: ['1', '2'], start: '3', none: undefined, empty: [] }), { limit: '2', start: '3' });
});

test('a shape is one of those there are, or not said', () => {
  assert.equal(shapeOf({ shape: 'ids' }, ['list', 'ids']), 'ids');
  assert.equal(shapeOf({ shape: '' }, ['list']), undefined);
  assert.equal(shapeOf({}, ['list']), undefined);
  assert.throws(() => shapeOf({ shape: 'constructor' }, ['list', 'ids']), /no such shape \(there are: list, ids\)/);
});

test('a number above 0 is told from what is nearly one at once', () => {
  for (const [given, value] of [
    ['2', 2],
    ['.5', 0.5],
    ['5.', 5],
    ['1.5e2', 150],
    ['', 7],
  ] as const)
    assert.equal(positiveNumber({ n: given }, 'n', 7), value);
  const before = process.cpuUsage();
  for (const given of ['.', '-1', '0', '1e999', `${'1'.repeat(60_000)}x`])
    assert.throws(() => positiveNumber({ n: given }, 'n', 7), /write a number above 0/);
  assert.ok(process.cpuUsage(before).user < 500_000);
});
