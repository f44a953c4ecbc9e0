import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hint, nearest } from './suggest.ts';

const columns = ['name', 'id', 'mass (g)', 'reclat', 'reclong'];

for (const [typed, meant] of [
  ['mass', 'mass (g)'],
  ['nmae', 'name'],
  ['RECLAT', 'reclat'],
  ['relong', 'reclong'],
  ['altitude', undefined],
  ['', 'id'],
] as const) {
  test(`'${typed}' is nearest to ${meant ?? 'nothing'}`, () => {
    assert.equal(nearest(typed, columns), meant);
  });
}

test('a hint names the nearest, or the first of all there are', () => {
  assert.equal(hint('nmae', columns), " (did you mean 'name'?)");
  assert.equal(hint('altitude', columns, 2), ' (there are: name, id, and 3 more)');
  assert.equal(hint('x', []), '');
});

test('a hostile value of a megabyte is compared in no time', () => {
  const before = process.cpuUsage();
  nearest('x'.repeat(1_000_000), columns);
  assert.ok(process.cpuUsage(before).user < 500_000);
});
