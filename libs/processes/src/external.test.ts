import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '@almanac/domain';
import { Value } from 'typebox/value';
import { externalProcess, findProcess, isExternal, ProcessRegistration } from './index.ts';
import { meteorites } from './testing.ts';

const registration = {
  version: '1',
  title: 'Density of falls',
  inputs: { type: 'object', properties: { cells: { type: 'integer', minimum: 1 } }, required: ['cells'], additionalProperties: false },
  outputs: { png: { mediaType: 'image/png' }, json: { mediaType: 'application/json' } },
};
const refuses = (call: () => unknown, message: RegExp) =>
  assert.throws(call, (error) => error instanceof ProblemError && message.test(error.message));

test('a registered program is a process like ours: which rows, and inputs by its own schema', () => {
  assert.ok(Value.Check(ProcessRegistration, registration));
  const density = externalProcess('density', registration);
  assert.deepEqual([density.queue, density.Outputs, density.leaseMs, isExternal(density)], ['density', ['png', 'json'], 60_000, true]);
  assert.equal(isExternal(findProcess('plot')), false);
  const { inputs } = density.resolve({ dataset: 'stones', where: { recclass: 'L6' }, cells: 5 }, meteorites);
  assert.deepEqual(inputs, { dataset: 'stones', version: 'latest', where: { recclass: 'L6' }, cells: 5 });
  refuses(() => density.resolve({ dataset: 'stones', cells: 0 }, meteorites), /^\/inputs\/cells: must be >= 1/);
  refuses(() => density.resolve({ dataset: 'stones' }, meteorites), /\/inputs/);
  refuses(() => density.resolve({ dataset: 'stones', cells: 1, colour: 'red' }, meteorites), /additional properties|schema is false/);
  refuses(() => density.resolve({ dataset: 'stones', cells: 1, where: { recclas: 'L6' } }, meteorites), /did you mean 'recclass'/);
});

test('a schema that could keep the service busy is refused', () => {
  for (const inputs of [{ properties: { a: { pattern: '(a+)+$' } } }, { $ref: '#' }, { patternProperties: { a: {} } }]) {
    refuses(() => externalProcess('x', { ...registration, inputs }), /is not supported in the schema of a process/);
  }
  let deep: Record<string, unknown> = {};
  for (let i = 0; i < 30; i++) deep = { not: deep };
  refuses(() => externalProcess('x', { ...registration, inputs: deep }), /nested too deeply/);
  externalProcess('x', { ...registration, inputs: { properties: { pattern: { type: 'string' } } } });
});

const string = { type: 'string' };
const evil = { type: 'string', pattern: '^(a+)+$' };
const properties = (value: unknown) => ({ properties: { a: value } });
for (const [why, inputs, path] of [
  ['behind a property called properties', { properties: { properties: evil } }, '/inputs/properties/properties/pattern'],
  ['in a property called items', { properties: { items: evil } }, '/inputs/properties/items/pattern'],
  ['in a property called const', { properties: { const: evil } }, '/inputs/properties/const/pattern'],
  ['two properties deep', properties({ properties: { properties: { properties: { properties: evil } } } }), 'pattern'],
  ['under items', properties({ items: evil }), '/inputs/properties/a/items/pattern'],
  ['under prefixItems', properties({ prefixItems: [string, evil] }), '/inputs/properties/a/prefixItems/1/pattern'],
  ['under additionalProperties', { additionalProperties: evil }, '/inputs/additionalProperties/pattern'],
  [
    'under if, then and else',
    Object.fromEntries([
      ['if', string],
      ['then', evil],
      ['else', true],
    ]),
    '/inputs/then/pattern',
  ],
  ['under not', { not: { not: evil } }, '/inputs/not/not/pattern'],
  ['under oneOf', { oneOf: [true, evil] }, '/inputs/oneOf/1/pattern'],
  ['propertyNames', { propertyNames: evil }, '/inputs/propertyNames'],
  ['patternProperties', properties({ patternProperties: { '^(a+)+$': true } }), '/inputs/properties/a/patternProperties'],
  ['unevaluatedProperties', { unevaluatedProperties: evil }, '/inputs/unevaluatedProperties'],
  ['dependentSchemas', { dependentSchemas: { a: evil } }, '/inputs/dependentSchemas'],
  ['contains', properties({ contains: evil }), '/inputs/properties/a/contains'],
  ['$ref', properties({ $ref: '#' }), '/inputs/properties/a/$ref'],
  ['$ref to a definition', { $defs: { e: evil }, properties: { a: { $ref: '#/$defs/e' } } }, '/inputs/$defs'],
  ['definitions', { definitions: { e: evil } }, '/inputs/definitions'],
  ['$dynamicRef', { $dynamicRef: '#a' }, '/inputs/$dynamicRef'],
  ['$recursiveRef', { $recursiveRef: '#' }, '/inputs/$recursiveRef'],
  ['$id', { $id: 'https://example.org/a' }, '/inputs/$id'],
  ['$data', properties({ maximum: { $data: '1/b' } }), '/inputs/properties/a/maximum'],
  ['what the interpreter reads of its own', properties({ '~refine': [{}] }), '/inputs/properties/a/~0refine'],
  ['the old form of items', properties({ items: [evil] }), '/inputs/properties/a/items'],
  ['a format whose check is not known', properties({ format: 'regex' }), '/inputs/properties/a/format'],
  ['a misspelt keyword', properties({ minLenght: 3 }), "did you mean 'minLength'"],
  ['a list for properties', { properties: [evil] }, '/inputs/properties'],
  ['a text for a schema', properties('string'), '/inputs/properties/a'],
  ['a member that stands for a prototype', { constructor: { pattern: 'a' } }, '/inputs/constructor'],
] as const) {
  test(`a schema with ${why} is refused with the pointer of the keyword`, () => {
    const message = new RegExp(path.replace(/[$^/~]/g, '\\$&'));
    refuses(() => externalProcess('x', { ...registration, inputs: inputs as Record<string, unknown> }), message);
  });
}

test('a value that looks like a schema is data, and a property may be called like a keyword', () => {
  const inputs = {
    type: 'object',
    properties: {
      pattern: { const: { pattern: '^(a+)+$', $ref: '#' } },
      $ref: { enum: [{ patternProperties: {} }, 'b'], default: { $ref: '#' }, examples: [{ pattern: 'a' }] },
      properties: { type: ['object', 'null'], properties: { pattern: string }, additionalProperties: false },
      constructor: { type: 'string' },
    },
    required: ['constructor'],
    additionalProperties: false,
  };
  const { resolve } = externalProcess('x', { ...registration, inputs });
  const given = {
    dataset: 'stones',
    pattern: { pattern: '^(a+)+$', $ref: '#' },
    $ref: 'b',
    properties: { pattern: 'x' },
    constructor: 'c',
  };
  assert.deepEqual(resolve(given, meteorites).inputs, { ...given, version: 'latest' });
  refuses(() => resolve({ ...given, pattern: {} }, meteorites), /\/inputs\/pattern/);
  refuses(() => resolve({ dataset: 'stones' }, meteorites), /constructor/);
});

test('inputs whose check would take long are refused before it, with the limit', () => {
  const many = (n: number, sub: unknown) => Array.from({ length: n }, () => sub);
  const list = Array.from({ length: 900 }, (_, i) => i);
  for (const [inputs, given] of [
    [properties({ items: { allOf: many(400, { minimum: 0 }) } }), { a: list }],
    [properties({ items: { anyOf: many(400, { maximum: -1 }) } }), { a: list }],
    [properties({ allOf: many(80, { items: { oneOf: many(4, { minimum: 0 }) } }) }), { a: list }],
    [
      { additionalProperties: { additionalProperties: { allOf: many(200, true) } } },
      Object.fromEntries(list.map((i) => [`m${i}`, { a: 1 }])),
    ],
    [properties({ items: { enum: Array.from({ length: 900 }, (_, i) => `n${i}`) } }), { a: list.map((i) => `n${i}`) }],
    [properties({ allOf: many(400, { uniqueItems: true }) }), { a: list.map((i) => 'x'.repeat(50) + i) }],
  ] as const) {
    const { resolve } = externalProcess('x', { ...registration, inputs: inputs as Record<string, unknown> });
    const began = process.cpuUsage();
    refuses(() => resolve({ dataset: 'stones', ...given }, meteorites), /takes too long: [\d,]+ times, the limit is 5,000 times/);
    const { user } = process.cpuUsage(began);
    assert.ok(user < 200_000, `${user} µs of processor time`);
  }
  const { resolve } = externalProcess('x', { ...registration, inputs: properties({ items: { type: 'integer', minimum: 0 } }) });
  assert.deepEqual(resolve({ dataset: 'stones', a: list }, meteorites).inputs.a, list);
});

test('a schema that is large in subschemas, levels or values is refused', () => {
  const wide = { properties: Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`p${i}`, true])) };
  refuses(() => externalProcess('x', { ...registration, inputs: wide }), /too many subschemas: 501 values, the limit is 500/);
  let value: unknown = 1;
  for (let i = 0; i < 100_000; i++) value = [value];
  refuses(() => externalProcess('x', { ...registration, inputs: { const: value } }), /nested too deeply: 33 levels/);
});

test('a registration that an earlier version took stays known; new jobs of it are refused with the reason', () => {
  const stored = { ...registration, inputs: { $defs: { e: string } } };
  const known = externalProcess('density', stored, { isStored: true });
  assert.equal(known.queue, 'density');
  refuses(() => known.resolve({ dataset: 'stones' }, meteorites), /register it again.*\$defs/);
});
