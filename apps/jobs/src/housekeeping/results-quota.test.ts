import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Registry } from '@almanac/service';
import { ResultIndex, ResultStore } from '@almanac/store';
import { loadStones, startJobs } from '../testing.ts';
import { resultsQuota } from './results-quota.ts';

const service = await startJobs();
after(() => service.end());
await loadStones(service.data);
const index = new ResultIndex(service.resultsRedis);
const said: Record<string, unknown>[] = [];
const hear = (fields: object, message: string) => void said.push({ ...fields, message });
const logger = { info: hear, warn: hear } as never;

/** A job that was worked, with a result of so many bytes. */
async function done(title: string, bytes: number): Promise<string> {
  const worker = service.startWorker(async (job, { token }) => {
    await service.results.save(job.id, token, 'png', Buffer.alloc(bytes, title));
    return { results: { png: { type: 'image/png', bytes } }, notes: [] };
  });
  const { json } = await service.submit({ title }, {}, { prefer: 'wait=10' });
  assert.equal(json.status, 'complete');
  await worker.stop(1000);
  return json.id;
}

const statusOf = async (id: string) => (await service.ask('GET', `/v1/jobs/${id}/results/png`)).status;
const metric = async (name: string) =>
  Number(new RegExp(`^${name}\\{service="jobs"\\} (\\d+)$`, 'm').exec(await service.app.metrics.metrics())?.[1]);

test('the oldest results go when there are more bytes than may be, and answer 410; what is newer stays', async () => {
  const chore = resultsQuota({ index, jobs: service.queue, quotaBytes: 25_000, metrics: service.app.metrics, logger });
  const ids = [await done('a', 10_000), await done('b', 10_000)];
  await chore.run();
  assert.equal(await metric('results_bytes'), 20_000);
  assert.equal(said.length, 0);
  ids.push(await done('c', 10_000), await done('d', 1000));
  await chore.run();
  assert.deepEqual(await Promise.all(ids.map(statusOf)), [410, 200, 200, 200]);
  assert.equal(await metric('results_bytes'), 21_000);
  assert.equal(await metric('results_evicted_total'), 1);
  assert.equal(said.length, 1);
  assert.equal(said[0]?.freedBytes, 10_000);

  // Submitted again, the job runs again: the record that it shared has no result any more.
  const again = await done('a', 10_000);
  assert.equal(await statusOf(again), 200);
});

test('a job that has not ended keeps what it saved, however much that is', async () => {
  await service.resultsRedis.flushdb();
  said.length = 0;
  const [saved, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = { id: '', token: '' };
  service.startWorker(async ({ id }, { token }) => {
    Object.assign(held, { id, token });
    await service.results.save(id, token, 'png', Buffer.alloc(50_000));
    saved.resolve();
    await released.promise;
    return { results: { png: { type: 'image/png', bytes: 50_000 } }, notes: [] };
  });
  await service.submit({ title: 'unfinished' });
  await saved.promise;
  const ended = await done('ended', 5000);
  await resultsQuota({ index, jobs: service.queue, quotaBytes: 20_000, metrics: new Registry(), logger }).run();
  assert.equal(await statusOf(ended), 410);
  released.resolve();
  assert.equal((await service.queue.waitFor(held.id, 10_000))?.status, 'complete');
  assert.equal(await statusOf(held.id), 200);
  assert.match(String(said.at(-1)?.message), /of open jobs exceed the quota/);
});

test('the same result saved again counts once, an expired one no more, and one nobody knows is the first to go', async () => {
  await service.resultsRedis.flushdb();
  const short = {
    index: new ResultIndex(service.resultsRedis, { ttlSeconds: 1 }),
    store: new ResultStore(service.resultsRedis, { ttlSeconds: 1 }),
  };
  await short.store.save('gone', 'w:1', 'png', Buffer.alloc(300));
  await short.store.save('gone', 'w:1', 'png', Buffer.alloc(200));
  assert.equal(await short.index.settle(), 200);
  assert.deepEqual(await short.index.oldest(0, 10), [{ name: 'gone:w:1:png', jobId: 'gone' }]);
  const deadline = Date.now() + 10_000;
  while ((await short.index.settle()) > 0) assert.ok(Date.now() < deadline);
  assert.deepEqual(await short.index.oldest(0, 10), []);
  assert.equal(await short.store.size('gone', 'w:1', 'png'), undefined);
});

test('room is made although the store is full', async () => {
  await service.resultsRedis.flushdb();
  for (let i = 0; i < 3; i++) await service.results.save(`job-${i}`, 'w:1', 'png', Buffer.alloc(100_000));
  await service.resultsRedis.config('SET', 'maxmemory', '1mb');
  try {
    await assert.rejects(service.results.save('job-9', 'w:1', 'png', Buffer.alloc(100_000)), /OOM/);
    await resultsQuota({
      index,
      jobs: { getAll: async (ids) => ids.map(() => undefined) },
      quotaBytes: 150_000,
      metrics: new Registry(),
      logger,
    }).run();
    assert.equal(await index.bytes(), 100_000);
    assert.equal(await service.results.size('job-2', 'w:1', 'png'), 100_000);
    assert.equal(await service.results.size('job-1', 'w:1', 'png'), undefined);
  } finally {
    await service.resultsRedis.config('SET', 'maxmemory', '0');
  }
});
