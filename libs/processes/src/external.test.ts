import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '@almanac/domain';
import { Value } from 'typebox/value';
import { externalProcess, isExternal, ProcessRegistration, processNamed } from './index.ts';
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
  assert.equal(isExternal(processNamed('plot')), false);
  const { inputs } = density.resolve({ dataset: 'stones', where: { recclass: 'L6' }, cells: 5 }, meteorites);
  assert.deepEqual(inputs, { dataset: 'stones', version: 'latest', where: { recclass: 'L6' }, cells: 5 });
  refuses(() => density.resolve({ dataset: 'stones', cells: 0 }, meteorites), /^\/inputs\/cells: must be >= 1/);
  refuses(() => density.resolve({ dataset: 'stones' }, meteorites), /\/inputs/);
  refuses(() => density.resolve({ dataset: 'stones', cells: 1, colour: 'red' }, meteorites), /additional properties|schema is false/);
  refuses(() => density.resolve({ dataset: 'stones', cells: 1, where: { recclas: 'L6' } }, meteorites), /did you mean 'recclass'/);
});

test('a schema that could keep the service busy is refused', () => {
  for (const inputs of [{ properties: { a: { pattern: '(a+)+$' } } }, { $ref: '#' }, { patternProperties: { a: {} } }]) {
    refuses(() => externalProcess('x', { ...registration, inputs }), /is not taken in a process' schema/);
  }
  let deep: Record<string, unknown> = {};
  for (let i = 0; i < 30; i++) deep = { not: deep };
  refuses(() => externalProcess('x', { ...registration, inputs: deep }), /nested too deeply/);
  externalProcess('x', { ...registration, inputs: { properties: { pattern: { type: 'string' } } } });
});
