import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '@almanac/domain';
import { checkShape } from './shape.ts';

const nested = (levels: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = wrap(value);
  return value;
};
const list = (n: number, entry: unknown = 1) => Array.from({ length: n }, () => entry);

for (const [why, value, message] of [
  ['200,000 lists in each other', nested(200_000, (inner) => [inner]), /nested too deeply: 33 levels, the limit is 32 levels/],
  ['objects in each other', nested(33, (a) => ({ a })), /nested too deeply/],
  ['lists and objects in turn', nested(17, (a) => [{ a }]), /nested too deeply/],
  ['a long list', { a: { b: list(1001) } }, /The list at \/a\/b is too large: 1,001 values, the limit is 1,000/],
  ['many members', Object.fromEntries(list(1001).map((_, i) => [`m${i}`, i])), /top of the body is too large: 1,001 names/],
  ['many values', list(1000, list(11)), /too many values: 10,001 values/],
  ['a long text', { title: 'x'.repeat(16_385) }, /The text at \/title is too large: 16,385 characters/],
  ['a long name', { ['n'.repeat(1001)]: 1 }, /is too long: 1,001 characters/],
  ['an infinite number', JSON.parse('{"a":[1,1e999]}'), /\/a\/1: the number is too large/],
] as const) {
  test(`${why}: refused with the value and the limit`, () => {
    assert.throws(
      () => checkShape(value),
      (error) => error instanceof ProblemError && error.status === 400 && message.test(error.message),
    );
  });
}

test('what is within every limit passes', () => {
  checkShape(nested(31, (inner) => [inner]));
  checkShape({ where: { name: { in: list(1000, 'x'.repeat(50)) } }, title: 'x'.repeat(200) });
});
