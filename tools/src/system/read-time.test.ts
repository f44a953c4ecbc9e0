import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTime } from './read-time.ts';

test('durations are parsed, up to the longest timer', () => {
  const texts = ['90s', '15m', '1h30m', '1.5h', '24d'];
  assert.deepEqual(
    texts.map((text) => readTime('every', text)),
    [90e3, 900e3, 5_400e3, 5_400e3, 2_073_600e3],
  );
  for (const wrong of ['5', '', '5x', 'm5', '-1s', '0s', '1w', '25d', '99999d'])
    assert.throws(() => readTime('every', wrong), /--every .*: must be a duration such as 90s/);
});
