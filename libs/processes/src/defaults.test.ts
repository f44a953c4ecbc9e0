import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Picture, plotTypeIds, plotTypes } from '@almanac/plots';
import { Value } from 'typebox/value';
import { withDefaults } from './defaults.ts';

test('the defaults of pictures and of every plot type are those that the schemas say, however deep one looks', () => {
  for (const schema of [Picture, ...plotTypeIds.map((id) => plotTypes[id].Params)]) {
    assert.deepEqual(withDefaults(schema, {}), Value.Default(schema, {}));
    for (const [name, property] of Object.entries(schema.properties)) {
      const deeper = JSON.stringify({ ...(property as object), default: undefined });
      assert.ok(!deeper.includes('"default":'), `${name} has a default inside`);
    }
  }
});

test('what is given stays', () => {
  const [name, value] = Object.entries(withDefaults(Picture, {}))[0] as [string, unknown];
  assert.notEqual(value, 'mine');
  assert.equal(withDefaults(Picture, { [name]: 'mine' })[name], 'mine');
});
