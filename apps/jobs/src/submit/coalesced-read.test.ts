import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { CoalescedRead } from './coalesced-read.ts';

/** Reads that end when told to; each answers its number. */
function reads() {
  const open: PromiseWithResolvers<number>[] = [];
  const shared = new CoalescedRead((_: string) => {
    const one = Promise.withResolvers<number>();
    open.push(one);
    return one.promise;
  });
  return { open, shared, end: (i: number) => open[i]?.resolve(i) };
}

test('who asks in one turn shares a read; who asks when it has begun gets another', async () => {
  const { open, shared, end } = reads();
  const first = [shared.get('a'), shared.get('a'), Promise.resolve().then(() => shared.get('a'))];
  assert.equal(open.length, 0);
  await turn();
  assert.equal(open.length, 1);
  const later = shared.get('a');
  await turn();
  assert.equal(open.length, 2);
  end(1);
  end(0);
  assert.deepEqual(await Promise.all([...first, later]), [0, 0, 0, 1]);
});

test('each key has reads of its own, and an error is that of those who share it', async () => {
  const { open, shared, end } = reads();
  const [bad, other] = [shared.get('a'), shared.get('b')];
  await turn();
  const after = shared.get('a');
  open[0]?.reject(new Error('away'));
  await assert.rejects(bad, /away/);
  await turn();
  end(1);
  end(2);
  assert.deepEqual(await Promise.all([other, after]), [1, 2]);
});
