import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '@almanac/domain';
import { FairPlaces } from './fair-places.ts';

const busy = (count: number) => new ProblemError('unavailable', `${count} run or wait`, { headers: { 'retry-after': '1' } });
const placesOf = (places: number, waiting = 100, waitMs = 5_000) => new FairPlaces({ places, waiting, waitMs, busy });

/** A task that runs until the test ends it. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve };
}

test('one client never takes the last place, and another runs at once beside it', async () => {
  const places = placesOf(16);
  const greedy = Array.from({ length: 40 }, held);
  let running = 0;
  const runs = greedy.map(({ work }) =>
    places.run('greedy', () => {
      running++;
      return work();
    }),
  );
  await new Promise(setImmediate);
  assert.equal(running, 8);
  assert.equal(await places.run('modest', async () => 'done'), 'done');
  for (const { end } of greedy) end();
  await Promise.all(runs);
  assert.equal(running, 40);
});

test('the waiting client with the fewest places is next', async () => {
  const places = placesOf(2);
  const order: string[] = [];
  const run = (client: string, name: string) =>
    places.run(client, async () => {
      order.push(name);
      await new Promise(setImmediate);
    });
  await Promise.all([run('a', 'a1'), run('a', 'a2'), run('a', 'a3'), run('a', 'a4'), run('b', 'b1'), run('c', 'c1')]);
  assert.deepEqual(order.slice(0, 2).sort(), ['a1', 'b1']);
  assert.ok(order.indexOf('c1') < order.indexOf('a3'), order.join());
});

test('a task that gets no place in time, or finds the line full, is refused; the others continue', async () => {
  const places = placesOf(1, 2, 20);
  const first = held();
  const running = places.run('a', first.work);
  const late = places.run('a', async () => 'late');
  await assert.rejects(
    places.run('a', async () => 'too many'),
    /run or wait/,
  );
  await assert.rejects(late, (error) => error instanceof ProblemError && error.status === 503);
  first.end();
  await running;
  assert.equal(await places.run('a', async () => 'again'), 'again');
});

test('a failed task returns its place', async () => {
  const places = placesOf(1);
  await assert.rejects(
    places.run('a', () => Promise.reject(new Error('broke'))),
    /broke/,
  );
  assert.equal(await places.run('a', async () => 'next'), 'next');
});
