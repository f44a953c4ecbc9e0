import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { matchesSchema } from './index.ts';

test('a value is of a schema or it is not, the first time and after', () => {
  const Point = Type.Object({ x: Type.Number({ minimum: 0 }), label: Type.Optional(Type.String({ maxLength: 3 })) });
  for (let i = 0; i < 2; i++) {
    assert.ok(matchesSchema(Point, { x: 1, label: 'abc', more: true }));
    for (const wrong of [{ x: -1 }, { x: '1' }, { x: 1, label: 'abcd' }, null, undefined, []])
      assert.equal(matchesSchema(Point, wrong), false);
  }
});
