import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Column, filterOperators, operators, ProblemError, type Scalar } from '@almanac/domain';
import { comparable } from './comparable.ts';
import { likePattern } from './like.ts';
import { compileTests, type FilterTerm } from './where.ts';

function compileWhere(terms: readonly FilterTerm[], columns: readonly Column[]) {
  const tests = compileTests(terms, columns);
  return (record: Readonly<Record<string, unknown>>) =>
    tests.every(({ column, accepts }) =>
      accepts(comparable(column.type, Object.hasOwn(record, column.name) ? record[column.name] : undefined)),
    );
}

const columns: Column[] = [
  { name: 'mass (g)', type: 'number', asStored: true },
  { name: 'year', type: 'integer', asStored: true },
  { name: 'seen', type: 'time', asStored: true },
  { name: 'fell', type: 'boolean', asStored: true },
  { name: 'class', type: 'string', asStored: true },
  { name: 'geo', type: 'json', asStored: true },
];
const record = { 'mass (g)': 21, year: null, seen: '2024-02-21T12:00:00Z', fell: true, class: 'L5', geo: { a: [1] } };
const holds = (column: string, operator: string, value: Scalar | Scalar[], given: Record<string, unknown> = record) =>
  compileWhere([{ column, operator, value }], columns)(given);

test('values compare as what their column is: numbers, times, booleans, text', () => {
  for (const [column, operator, value, expected] of [
    ['mass (g)', 'eq', '21.0', true],
    ['mass (g)', 'gt', '9', true], // as text '21' would be less
    ['mass (g)', 'gte', 21, true],
    ['mass (g)', 'lt', '21', false],
    ['mass (g)', 'lte', '2.1e1', true],
    ['mass (g)', 'in', ['1', '21'], true],
    ['mass (g)', 'not.in', ['1', '21'], false],
    ['seen', 'eq', '2024-052T12:00:00.000Z', true],
    ['seen', 'gt', '2024-02-21', true],
    ['seen', 'lt', '2024-02-21T13:00:00+02:00', false],
    ['fell', 'eq', 'true', true],
    ['fell', 'ne', 'true', false],
    ['class', 'eq', 'L5', true],
    ['class', 'gt', 'L', true],
    ['class', 'like', 'L*', true],
    ['class', 'not.like', '*5', false],
    ['geo', 'eq', '{"a":[1]}', true],
    ['geo', 'like', '*[1*', true],
  ] as const)
    assert.equal(holds(column, operator, value as Scalar), expected, `${column} ${operator} ${value}`);
});

test('every operator of the table is evaluated, also negated', () => {
  const operands = { value: 'L5', 'present value': 'L5', list: ['L5'], pattern: 'L*' };
  assert.equal(operators.length, 2 * Object.keys(filterOperators).length);
  for (const [id, { accepts }] of Object.entries(filterOperators))
    assert.notEqual(holds('class', id, operands[accepts]), holds('class', `not.${id}`, operands[accepts]), id);
});

test('missing equals missing, and is neither below nor above anything', () => {
  for (const given of [{ year: null }, {}, { year: '' }]) {
    assert.equal(holds('year', 'eq', '', given), true);
    assert.equal(holds('year', 'eq', null, given), true);
    assert.equal(holds('year', 'ne', '2000', given), true);
    assert.equal(holds('year', 'in', ['', '5'], given), true);
    for (const operator of ['gt', 'gte', 'lt', 'lte']) assert.equal(holds('year', operator, '0', given), false);
    assert.equal(holds('class', 'like', '*', given), false);
  }
  assert.equal(holds('class', 'eq', 'constructor', Object.create({ class: 'constructor' })), false);
});

test('not. is the rest: each record passes exactly one of a comparison and its negation', () => {
  for (const operator of ['eq', 'ne', 'gt', 'lte', 'in'])
    for (const year of [null, 1, 2, 3])
      assert.notEqual(holds('year', operator, '2', { year }), holds('year', `not.${operator}`, '2', { year }));
});

test('every one must hold', () => {
  const where = compileWhere(
    [
      { column: 'year', operator: 'gte', value: '2' },
      { column: 'year', operator: 'lt', value: '4' },
    ],
    columns,
  );
  assert.deepEqual(
    [1, 2, 3, 4].filter((year) => where({ year })),
    [2, 3],
  );
});

test('what makes no sense is refused with the value and what would be right', () => {
  const refused = (column: string, operator: string, value: string, type: string, detail: RegExp) =>
    assert.throws(
      () => compileWhere([{ column, operator, value, parameter: `field.${column}[${operator}]` }], columns),
      (error: unknown) => error instanceof ProblemError && error.type === type && detail.test(error.message),
      `${column} ${operator} ${value}`,
    );
  refused('mass', 'eq', '1', 'unknown-column', /'mass' \(did you mean 'mass \(g\)'\?\)/);
  refused('year', 'above', '1', 'invalid-parameter', /'above'.*gte/);
  refused('year', 'not.', '1', 'invalid-parameter', /unknown operator/);
  refused('year', 'gt', 'soon', 'invalid-parameter', /year.*'soon'.*number/);
  refused('year', 'gt', '0x10', 'invalid-parameter', /number/);
  refused('year', 'lt', '', 'invalid-parameter', /needs a value/);
  refused('year', 'like', '19*', 'invalid-parameter', /integer: use gte/);
  refused('fell', 'eq', 'yes', 'invalid-parameter', /true or false/);
  refused('seen', 'gte', 'yesterday', 'invalid-parameter', /2024-02-21/);
});

test('a long text that is no number is refused at once', () => {
  const before = process.cpuUsage();
  assert.throws(() => holds('year', 'gt', `${'1'.repeat(100_000)}x`), /number/);
  assert.ok(process.cpuUsage(before).user < 500_000);
});

test('patterns agree with the regular expression they stand for', () => {
  const texts = ['', 'a', 'ab', 'aba', 'abab', 'b', 'ba', 'a*b', 'aab'];
  for (const pattern of ['', '*', 'a', 'a*', '*a', '*b*', 'a*b', 'a*a', 'a**b', '*a*b*', 'ab*ab', 'aba*ba']) {
    const expected = new RegExp(`^${pattern.replace(/\*+/g, '.*')}$`);
    for (const text of texts) assert.equal(likePattern(pattern)(text), expected.test(text), `${pattern} on ${text}`);
  }
});

test('what is nearly a number is refused at once, however long it is', () => {
  const before = process.cpuUsage();
  assert.throws(() => holds('mass (g)', 'gte', `${'1'.repeat(60_000)}x`), ProblemError);
  assert.ok(process.cpuUsage(before).user < 500_000);
});
