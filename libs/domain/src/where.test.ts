import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesSchema } from './matches-schema.ts';
import { baseOperators, filterOperators, operatorSigns, operators, parseOperator } from './operators.ts';
import { Condition, comparisons, parseFilterName, splitList, Where, whereToQuery } from './where.ts';

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

test('the schema of a condition has every operator of the table, with what it accepts', () => {
  const examples = { value: null, 'present value': 1, list: ['a', null], pattern: 'a*' };
  for (const operator of operators) {
    const { base, accepts, isNegated } = parseOperator(operator)!;
    assert.equal(operator, isNegated ? `not.${base}` : base);
    assert.equal(accepts, filterOperators[base].accepts);
    assert.ok(matchesSchema(Condition, { [operator]: examples[accepts] }), operator);
    assert.ok(matchesSchema(Where, { 'mass (g)': { [operator]: examples[accepts] } }), operator);
    assert.equal(matchesSchema(Condition, { [operator]: { a: 1 } }), false, operator);
  }
  for (const wrong of ['above', 'not.', 'not.not.eq', '']) {
    assert.equal(parseOperator(wrong), undefined);
    assert.equal(matchesSchema(Condition, { [wrong]: 1 }), false, wrong);
  }
  assert.equal(matchesSchema(Condition, {}), false);
});

test('every operator of the table goes into a URL and comes out of it', () => {
  for (const operator of operators) {
    const value = parseOperator(operator)!.accepts === 'list' ? ['a'] : 'a';
    const [[name = ''] = []] = whereToQuery({ c: { [operator]: value } });
    assert.deepEqual(parseFilterName(name), { column: 'c', operator, isPrefixed: true });
  }
});

test('no sign is read as the beginning of another, and each operator has a text', () => {
  for (const [sign, id] of operatorSigns) assert.equal(operatorSigns.find(([other]) => sign.startsWith(other))?.[1], id);
  assert.equal(new Set(operatorSigns.map(([sign]) => sign)).size, operatorSigns.length);
  for (const id of baseOperators) assert.ok(filterOperators[id].text.length > 0);
});
