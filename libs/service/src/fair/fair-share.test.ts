import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FairShare } from './fair-share.ts';
import { type Waiter, WaitingLine } from './waiting-line.ts';

const fill = (share: FairShare, client: string): number => {
  let count = 0;
  while (share.take(client)) count++;
  return count;
};

test('one client gets half of the places, each further one half of the rest, and a place is left for the next', () => {
  const share = new FairShare(64);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((client) => fill(share, client)),
    [32, 16, 8, 4],
  );
  assert.equal(share.take('next'), true);
});

test('greedy clients that take turns get equal shares', () => {
  const share = new FairShare(64);
  for (let i = 0; i < 64; i++) for (const client of ['a', 'b', 'c']) share.take(client);
  assert.deepEqual(
    ['a', 'b', 'c'].map((client) => share.heldBy(client)),
    [16, 16, 16],
  );
  assert.equal(share.free, 16);
});

test('released places are free again, and clients without places are removed', () => {
  const share = new FairShare(10);
  assert.equal(share.take('a', 5), true);
  assert.equal(share.take('a', 1), false);
  assert.equal(share.take('b', 6), false);
  share.release('a', 5);
  assert.deepEqual([share.used, share.heldBy('a')], [0, 0]);
  for (let i = 0; i < 1000; i++) {
    share.take(String(i));
    share.release(String(i));
  }
  assert.equal(share.free, 10);
});

const waiter = (client: string, n: number) => ({ client, n, isGone: false });

test('the client with the fewest places is next, and equal ones take turns', () => {
  const places = new FairShare(8);
  const line = new WaitingLine<Waiter & { n: number }>(100);
  assert.equal(fill(places, 'greedy'), 4);
  for (let n = 0; n < 3; n++) for (const client of ['greedy', 'a', 'b']) line.add(waiter(client, n));
  const served: string[] = [];
  for (let next = line.next(places); next !== undefined; next = line.next(places)) served.push(`${next.client}${next.n}`);
  assert.deepEqual(served, ['a0', 'b0', 'a1']);
  assert.equal(line.size, 6);
  for (let n = 0; n < 4; n++) places.release('greedy');
  assert.equal(line.next(places)?.client, 'greedy');
});

test('requests whose clients left, or that waited too long, give up their places in the line', () => {
  const places = new FairShare(4);
  const line = new WaitingLine<Waiter & { n: number; isGone: boolean }>(8);
  fill(places, 'a');
  const [one, two] = [waiter('a', 1), waiter('a', 2)];
  line.add(one);
  line.add(two);
  one.isGone = true;
  assert.deepEqual(line.expire(performance.now(), 60_000), []);
  assert.equal(line.size, 1);
  assert.deepEqual(line.expire(performance.now() + 10, 10), [two]);
  assert.deepEqual([line.size, line.has('a')], [0, false]);
});

test('one client cannot fill the line', () => {
  const line = new WaitingLine<Waiter>(10);
  let count = 0;
  while (line.add(waiter('a', count))) count++;
  assert.equal(count, 5);
  assert.equal(line.add(waiter('b', 0)), true);
});
