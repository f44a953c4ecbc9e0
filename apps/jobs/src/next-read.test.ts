import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NextRead } from './next-read.ts';

/** Reads that end when told to; each answers its number. */
function reads() {
  const open: PromiseWithResolvers<number>[] = [];
  const next = new NextRead((_: string) => {
    const one = Promise.withResolvers<number>();
    open.push(one);
    return one.promise;
  });
  const end = async (i: number) => {
    open[i]?.resolve(i);
    await new Promise((soon) => setImmediate(soon));
  };
  return { open, next, end };
}

test('who asks while a read is on its way gets the next one, together with the others', async () => {
  const { open, next, end } = reads();
  const first = next.get('a');
  const others = [next.get('a'), next.get('a')];
  assert.equal(open.length, 1);
  await end(0);
  assert.equal(open.length, 2, 'one read for both');
  const later = next.get('a');
  await end(1);
  await end(2);
  assert.deepEqual(await Promise.all([first, ...others, later]), [0, 1, 1, 2]);
  const alone = next.get('a');
  await end(3);
  assert.equal(await alone, 3);
});

test('keys do not wait for one another, and an error is that of its own read alone', async () => {
  const { open, next, end } = reads();
  const [bad, after] = [next.get('a'), next.get('a')];
  const other = next.get('b');
  open[0]?.reject(new Error('away'));
  await assert.rejects(bad, /away/);
  await end(1);
  assert.equal(await other, 1);
  await end(2);
  assert.equal(await after, 2);
});
