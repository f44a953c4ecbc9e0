import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastValues, shapeOf } from './parameters.ts';

test('of a name that was given several times the last value counts', () => {
  assert.deepEqual(lastValues({ limit: ['1', '2'], start: '3', none: undefined, empty: [] }), { limit: '2', start: '3' });
});

test('a shape is one of those there are, or not said', () => {
  assert.equal(shapeOf({ shape: 'ids' }, ['list', 'ids']), 'ids');
  assert.equal(shapeOf({ shape: '' }, ['list']), undefined);
  assert.equal(shapeOf({}, ['list']), undefined);
  assert.throws(() => shapeOf({ shape: 'constructor' }, ['list', 'ids']), /no such shape \(there are: list, ids\)/);
});
