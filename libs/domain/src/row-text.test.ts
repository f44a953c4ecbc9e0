import assert from 'node:assert/strict';
import { test } from 'node:test';
import { members, textOf, tokenOf, tokenView } from './row-text.ts';

test('members of a row are told apart without parsing values', () => {
  const row = '{"a":1.50,"b,\\"":"x\\\\","c":{"d":[1,"}"]},"e":[],"f":null}';
  assert.deepEqual(
    [...members(row)].map(({ name, from, to }) => [name, row.slice(from, to)]),
    [
      ['a', '1.50'],
      ['b,"', '"x\\\\"'],
      ['c', '{"d":[1,"}"]}'],
      ['e', '[]'],
      ['f', 'null'],
    ],
  );
  assert.deepEqual([...members('{}')], []);
  assert.equal(tokenOf(row, 'e'), '[]');
  assert.equal(tokenOf(row, 'd'), undefined);
  assert.equal(textOf('"a\\u0062"'), 'ab');
  assert.equal(textOf('007'), '007');
});

test('a view rewrites tokens and leaves members out, whatever their names', () => {
  const quote = tokenView((name, token) => (name === 'x' ? undefined : token.startsWith('"') ? token : JSON.stringify(token)));
  assert.equal(quote('{"a\\"":1.50,"x":[1],"b":"c"}'), '{"a\\"":"1.50","b":"c"}');
  assert.equal(quote('{"x":1}'), '{}');
  assert.equal(quote('{}'), '{}');
});
