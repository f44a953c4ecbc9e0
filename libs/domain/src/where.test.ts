import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisons, parseFilterName, splitList, whereToQuery } from './where.ts';

test('a filter is a list of comparisons that must all hold', () => {
  assert.deepEqual(comparisons({ recclass: 'L6', year: [1990, 1991], 'mass (g)': { gte: 1000, lt: 5000 } }), [
    { column: 'recclass', operator: 'eq', value: 'L6' },
    { column: 'year', operator: 'in', value: [1990, 1991] },
    { column: 'mass (g)', operator: 'gte', value: 1000 },
    { column: 'mass (g)', operator: 'lt', value: 5000 },
  ]);
});

test('what goes into a URL comes out of it, whatever the names and values hold', () => {
  const where = { limit: 'a,b\\c', 'x[gte]': [1, 'p,q'], 'field.y': { like: '*z*' }, empty: null };
  const read = whereToQuery(where).map(([name, value]) => ({ ...parseFilterName(name), value }));
  assert.deepEqual(
    read.map(({ column, operator, value }) => [column, operator, operator === 'in' ? splitList(value) : value]),
    [
      ['limit', 'eq', 'a,b\\c'],
      ['x[gte]', 'in', ['1', 'p,q']],
      ['field.y', 'like', '*z*'],
      ['empty', 'eq', ''],
    ],
  );
  assert.ok(read.every(({ isPrefixed }) => isPrefixed));
});

test('a listed comma is escaped, a lone backslash at the end stays', () => {
  assert.deepEqual(splitList('a\\,b,c'), ['a,b', 'c']);
  assert.deepEqual(splitList('a\\'), ['a\\']);
  assert.deepEqual(splitList(''), ['']);
});
