import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Value } from 'typebox/value';
import { columnsOf } from './columns-of.ts';
import { columnKinds } from './params.ts';
import { Picture } from './picture.ts';
import { plotTypeNamed, plotTypes } from './registry.ts';
import { make, numbers } from './testing.ts';

interface Described {
  title?: string;
  description?: string;
  examples?: unknown[];
}

test('what lies in types/ is in the registry, under its own name', () => {
  const files = readdirSync(new URL('types', import.meta.url)).filter((file) => !file.endsWith('.test.ts'));
  assert.deepEqual(files.map((file) => file.replace(/\.ts$/, '')).sort(), Object.keys(plotTypes).sort());
  for (const [id, type] of Object.entries(plotTypes)) assert.equal(type.id, id);
});

test('no two types share a name', () => {
  const names = Object.values(plotTypes).flatMap(({ id, aliases }) => [id, ...aliases]);
  assert.equal(new Set(names).size, names.length);
  for (const { id, aliases } of Object.values(plotTypes)) for (const name of [id, ...aliases]) assert.equal(plotTypeNamed(name), id);
  assert.equal(plotTypeNamed('constructor'), undefined);
});

test('every parameter says what it is, and its examples are valid', () => {
  const all = [...Object.values(plotTypes).map(({ id, Params }) => [id, Params] as const), ['picture', Picture] as const];
  for (const [id, { properties }] of all) {
    for (const [name, property] of Object.entries(properties)) {
      const { title, description, examples = [] } = property as Described;
      assert.ok(title && description, `${id}.${name} has a title and a description`);
      for (const example of examples) assert.ok(Value.Check(property, example), `${id}.${name}: ${JSON.stringify(example)}`);
    }
  }
});

test('x is a column of every type, and says which column types suit', () => {
  for (const { Params } of Object.values(plotTypes)) assert.ok(columnKinds(Params.properties.x!)!.length > 0);
});

test('columnsOf names each column once, lists included', () => {
  assert.deepEqual(columnsOf(plotTypes.line, { x: 't', y: ['a', 'b', 'a'], logY: true, title: 'T' }), ['t', 'a', 'b']);
  assert.deepEqual(columnsOf(plotTypes.scatter, { x: 'a', y: 'a', color: 'c', size: 's' }), ['a', 'c', 's']);
  assert.deepEqual(columnsOf(plotTypes.bar, { x: 'class', aggregate: 'count' }), ['class']);
});

test('a column that is not there is a problem with the nearest name', () => {
  const columns = {
    mass: numbers(
      'mass',
      make(3, (i) => i),
    ),
  };
  assert.throws(() => plotTypes.histogram.figure({ columns, rows: 3, params: { x: 'mas' } }), /'mas'.*did you mean 'mass'/);
});
