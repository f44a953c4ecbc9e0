import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import type { Job } from '@almanac/domain';
import { JobQueue } from '@almanac/job-queue';
import { startTestRedis } from '@almanac/testkit';
import { readListStep } from '../follow/list-step.ts';
import { allIds, eachJob } from './all-jobs.ts';

const store = await startTestRedis();
after(() => store.end());
const redis = store.connect(1);
let n = 0;

/** A queue of the test's own with so many jobs; tells how many were read at once. */
class WatchedQueue extends JobQueue {
  most = 0;

  mostSteps = 0;
  #steps = 0;

  override async getAll(ids: readonly string[]): Promise<(Job | undefined)[]> {
    this.most = Math.max(this.most, ids.length);
    this.mostSteps = Math.max(this.mostSteps, ++this.#steps);
    return super.getAll(ids).finally(() => this.#steps--);
  }

  add(): Promise<Job> {
    const dataset = { id: 'stones', version: '1-0', digest: 'd' };
    return this.submit({ id: randomUUID(), process: 'plot', inputs: {}, outputs: ['png'], dataset });
  }
}

/** The queue, and the ids of its jobs: by the time they were accepted at, in one millisecond by id. */
async function queueOf(count: number): Promise<{ queue: WatchedQueue; oldestFirst: string[] }> {
  const queue = new WatchedQueue(redis, { queue: `all${++n}` });
  const jobs = await Promise.all(Array.from({ length: count }, () => queue.add()));
  const place = ({ created, id }: Job): string => `${created} ${id}`;
  return { queue, oldestFirst: jobs.sort((a, b) => (place(a) < place(b) ? -1 : 1)).map(({ id }) => id) };
}

const idsIn = async (jobs: AsyncIterable<Job>) => {
  const ids: string[] = [];
  for await (const { id } of jobs) ids.push(id);
  return ids;
};

test('all jobs are read, oldest first, and never many at once', async () => {
  for (const count of [0, 1, 49, 50, 51, 220]) {
    const { queue, oldestFirst } = await queueOf(count);
    assert.deepEqual(await idsIn(eachJob(queue, await allIds(queue))), oldestFirst, String(count));
    assert.ok(queue.most <= 50);
  }
});

test('jobs that come while the others are listed repeat none, and those that go leave no gap', async () => {
  const { queue, oldestFirst: before } = await queueOf(500);
  let pages = 0;
  const withLateOnes = {
    async *ids() {
      for await (const page of queue.ids()) {
        pages++;
        yield page;
        await queue.add();
      }
    },
  };
  const ids = await allIds(withLateOnes);
  assert.ok(pages > 1);
  assert.deepEqual(ids, before);
  const gone = before[7] as string;
  await queue.remove(gone);
  assert.deepEqual(
    await idsIn(eachJob(queue, ids)),
    before.filter((id) => id !== gone),
  );
});

test('lists at once read two steps at a time, so that a short read does not wait behind all of them', async () => {
  const { queue, oldestFirst } = await queueOf(100);
  const lists = await Promise.all(Array.from({ length: 20 }, () => idsIn(eachJob(queue, oldestFirst))));
  assert.equal(queue.mostSteps, 2);
  for (const list of lists) assert.deepEqual(list, oldestFirst);
});

test('a step that fails gives its turn to the next', async () => {
  const fail = () => readListStep(() => Promise.reject(new Error('away')));
  assert.equal((await Promise.allSettled(Array.from({ length: 5 }, fail))).filter(({ status }) => status === 'rejected').length, 5);
  assert.equal(await readListStep(async () => 1), 1);
});
