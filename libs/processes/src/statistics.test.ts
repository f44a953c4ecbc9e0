import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '@almanac/domain';
import { statistics } from './index.ts';
import { meteorites } from './testing.ts';

test('statistics are of the columns named, or of all', () => {
  const { inputs, reason } = statistics.resolve({ dataset: 'stones' }, meteorites);
  assert.deepEqual(
    inputs.columns,
    meteorites.filter(({ type }) => type !== 'json').map(({ name }) => name),
  );
  assert.match(reason ?? '', /All \d+ suitable columns/);
  const named = statistics.resolve({ dataset: 'stones', columns: ['recclass'], where: { recclass: 'L6' } }, meteorites);
  assert.deepEqual(named, {
    inputs: { dataset: 'stones', version: 'latest', where: { recclass: 'L6' }, columns: ['recclass'] },
    reason: undefined,
  });
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ columns: ['recclas'] }, /did you mean 'recclass'/],
    [{ columns: [] }, /1 to 200 entries, not 0/],
    [{ columns: 'recclass' }, /'recclass' must be a list/],
    [{ columns: ['recclass', 'recclass'] }, /twice/],
    [{ column: 'recclass' }, /did you mean 'columns'/],
  ];
  for (const [inputs, message] of wrong) {
    assert.throws(
      () => statistics.resolve({ dataset: 'stones', ...inputs }, meteorites),
      (error) => error instanceof ProblemError && message.test(error.message),
    );
  }
});
