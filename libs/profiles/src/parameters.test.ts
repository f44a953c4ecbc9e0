import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastValues } from './parameters.ts';

test('of a name that was given several times the last value counts', () => {
  assert.deepEqual(lastValues({ limit: ['1', '2'], start: '3', none: undefined, empty: [] }), { limit: '2', start: '3' });
});
