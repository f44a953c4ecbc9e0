import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyTooLarge, ProblemError, problemTypes, shown, unknownColumn, unknownDataset } from './problem.ts';

test('a problem names the value, the nearest right one and its own type', () => {
  const body = unknownColumn('mass', ['name', 'mass (g)'], 'x').body('urn:request:1');
  assert.deepEqual(body, {
    type: '/problems/unknown-column',
    title: 'Unknown column',
    status: 400,
    detail: "There is no column 'mass' (did you mean 'mass (g)'?).",
    instance: 'urn:request:1',
    errors: [{ parameter: 'x', detail: "no column 'mass' (did you mean 'mass (g)'?)" }],
  });
});

test('members of one problem type stand beside the common ones', () => {
  assert.equal(bodyTooLarge(1024, 'split it').extra.maxBytes, 1024);
});

test('every type has an error status and a title of its own', () => {
  const rows = Object.values(problemTypes);
  assert.ok(rows.every(([status]) => status >= 400 && status <= 599));
  assert.equal(new Set(rows.map(([, title]) => title)).size, rows.length);
});

test('a hostile value is shown short', () => {
  assert.ok(shown('x'.repeat(1e6)).length < 100);
  assert.ok(unknownDataset('<script>'.repeat(99)).message.length < 250);
  assert.equal(shown(undefined), "'undefined'");
  assert.ok(new ProblemError('internal', 'x', { cause: 1 }).cause === 1);
});
