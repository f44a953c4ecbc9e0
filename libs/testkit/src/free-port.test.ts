import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort } from './index.ts';

test('every port is another, below those the system gives away, and one that is taken is passed over', async (t) => {
  const first = await freePort();
  const taken = createServer().listen(first + 1, '127.0.0.1');
  t.after(() => taken.close());
  await once(taken, 'listening');
  const more = [await freePort(), await freePort(), await freePort()];
  assert.equal(new Set([first, first + 1, ...more]).size, 5);
  assert.ok([first, ...more].every((port) => port >= 10_000 && port < 30_000));
});
