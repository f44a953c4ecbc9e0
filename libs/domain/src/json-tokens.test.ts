import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringEnd, valueEnd } from './json-tokens.ts';

test('a string ends after its closing quote, escapes included', () => {
  for (const value of ['', 'a', '"', '\\', '\\"', 'a\\\\"b', '},]']) {
    const text = `${JSON.stringify(value)},"next"`;
    assert.equal(stringEnd(text, 0), JSON.stringify(value).length, text);
  }
  for (const text of ['"', '"a', '"a\\"', '"\\\\\\"']) assert.equal(stringEnd(text, 0), -1, text);
});

test('a value of any kind ends where JSON.stringify ended it, in a list and in an object', () => {
  for (const value of [1, -1.5e-9, true, null, '', 'a,"]}', [], {}, [1, [2, '}']], { a: { b: ['"'] } }]) {
    const token = JSON.stringify(value);
    for (const [before, after] of [
      ['[', ']'],
      ['[', ',1]'],
      ['{"a":', '}'],
      ['{"a":', ',"b":1}'],
    ] as const)
      assert.equal(valueEnd(before + token + after, before.length), before.length + token.length, before + token + after);
  }
});
