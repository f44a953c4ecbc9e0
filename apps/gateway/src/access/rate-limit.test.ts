import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateLimit } from './rate-limit.ts';

const withClock = (options: { perMinute: number; burst?: number; clients?: number }) => {
  const clock = { ms: 0 };
  const limit = new RateLimit({ ...options, now: () => clock.ms });
  return { clock, limit, allowed: (client = 'a') => limit.take(client).isAllowed };
};

test('a burst is allowed, then one request per interval', () => {
  const { clock, limit, allowed } = withClock({ perMinute: 60, burst: 3 });
  assert.deepEqual([allowed(), allowed(), allowed(), allowed()], [true, true, true, false]);
  clock.ms = 999;
  assert.equal(allowed(), false);
  clock.ms = 1000;
  assert.deepEqual([allowed(), allowed()], [true, false]);
  clock.ms = 3_600_000;
  assert.deepEqual(limit.take('a'), { isAllowed: true, remaining: 2, resetSeconds: 1, retrySeconds: 1 });
});

test('without a burst, the requests of a minute are allowed at once', () => {
  const { limit, allowed } = withClock({ perMinute: 5 });
  for (let i = 0; i < 5; i++) assert.equal(allowed(), true);
  assert.deepEqual(limit.take('a'), { isAllowed: false, remaining: 0, resetSeconds: 60, retrySeconds: 12 });
  assert.equal(limit.windowSeconds, 60);
});

test('a client that waits as long as reported is allowed, even if it retried meanwhile', () => {
  for (const perMinute of [1, 7, 90, 1000]) {
    const { clock, limit, allowed } = withClock({ perMinute, burst: 1 });
    assert.equal(allowed(), true);
    const { retrySeconds } = limit.take('a');
    for (let i = 0; i < 100; i++) {
      clock.ms = (retrySeconds * 1000 * i) / 100;
      limit.take('other');
      if (clock.ms < 60_000 / perMinute - 1) assert.equal(allowed(), false, `${perMinute}: ${clock.ms}`);
    }
    clock.ms = retrySeconds * 1000;
    assert.equal(allowed(), true, `${perMinute}`);
  }
});

test('in the long run a client gets at most its rate and one burst', () => {
  const { clock, allowed } = withClock({ perMinute: 120, burst: 10 });
  let passed = 0;
  for (; clock.ms <= 600_000; clock.ms += 7) if (allowed()) passed++;
  assert.ok(passed <= 1200 + 10 && passed >= 1200 - 1, `${passed}`);
});

test('clients are counted separately; the least recently seen is dropped if there are too many', () => {
  const { limit, allowed } = withClock({ perMinute: 1, clients: 2 });
  assert.deepEqual([allowed('a'), allowed('b'), allowed('a')], [true, true, false]);
  assert.equal(allowed('c'), true);
  assert.equal(limit.size, 2);
  assert.equal(allowed('a'), false, 'a was heard of after b');
  assert.equal(allowed('b'), true, 'b was forgotten');
  for (let i = 0; i < 1000; i++) allowed(`x${i}`);
  assert.equal(limit.size, 2);
});
