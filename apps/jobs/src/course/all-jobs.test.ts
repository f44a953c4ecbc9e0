import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '@almanac/domain';
import { allIds, eachJob } from './all-jobs.ts';

/** Newest first, as the queue lists them; tells how many were asked for at once. */
class FakeQueue {
  names: string[];
  most = 0;

  constructor(count: number) {
    this.names = Array.from({ length: count }, (_, i) => `job ${count - 1 - i}`);
  }

  list = async ({ limit, offset }: { limit: number; offset: number }) => {
    this.most = Math.max(this.most, limit);
    return { jobs: this.names.slice(offset, offset + limit).map(jobCalled), matched: this.names.length, next: undefined };
  };

  getAll = async (ids: readonly string[]) => {
    this.most = Math.max(this.most, ids.length);
    return ids.map((id) => (this.names.includes(id) ? jobCalled(id) : undefined));
  };
}
const jobCalled = (id: string) => ({ id }) as Job;
const idsIn = async (jobs: AsyncIterable<Job>) => {
  const ids: string[] = [];
  for await (const { id } of jobs) ids.push(id);
  return ids;
};
const oldestFirst = (queue: FakeQueue) => queue.names.toReversed();

test('all jobs are read, oldest first, and never many at once', async () => {
  for (const count of [0, 1, 49, 50, 51, 220]) {
    const queue = new FakeQueue(count);
    assert.deepEqual(await idsIn(eachJob(queue, await allIds(queue))), oldestFirst(queue), String(count));
    assert.ok(queue.most <= 50);
  }
});

test('jobs that come while the others are listed repeat none, and those that go leave no gap', async () => {
  const queue = new FakeQueue(120);
  const { list } = queue;
  const before = oldestFirst(queue);
  queue.list = async (page) => {
    const answer = await list(page);
    queue.names.unshift(`late ${page.offset}`);
    return answer;
  };
  const ids = await allIds(queue);
  assert.deepEqual(ids, before);
  queue.names = queue.names.filter((name) => name !== 'job 7');
  assert.deepEqual(
    await idsIn(eachJob(queue, ids)),
    before.filter((name) => name !== 'job 7'),
  );
});
