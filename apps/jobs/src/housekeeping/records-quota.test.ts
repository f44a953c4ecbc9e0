import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '@almanac/domain';
import { loadStones, startJobs, type TestJobs } from '../testing.ts';
import type { Chore } from './housekeeping.ts';

const QUOTA = 200_000;
let jobs: TestJobs;
let quota: Chore;
before(async () => {
  jobs = await startJobs({ COURSE_EDITION: 'seed' }, { recordsBytes: QUOTA, onHousekeeping: (chore) => (quota = chore) });
  await loadStones(jobs.data);
});
after(() => jobs.end());

const bytes = async (): Promise<number> => jobs.queue.weight();
const post = (note: string) => jobs.ask<{ id: string; message: string }>('POST', '/jobs', { dataset: 'stones', note });

test('cache hits fill no store: of 300 records with 3 KB each the oldest ended ones go, and the newest stay', async () => {
  jobs.startWorker();
  const { id } = (await post('first')).json;
  assert.equal((await jobs.queue.waitFor(id, 10_000))?.status, 'complete');
  const ids: string[] = [];
  for (let i = 0; i < 300; i++) {
    let answer = await post(`${i}${'p'.repeat(3000)}`);
    // Where the first is dropped, the next is drawn anew; until then there may be nothing that has ended.
    for (let tries = 0; answer.status === 503 && tries < 200; tries++) {
      await sleep(50);
      answer = await post(`${i}${'p'.repeat(3000)}`);
    }
    assert.equal(answer.status, 200, answer.json.message);
    ids.push(answer.json.id);
  }
  assert.ok((await bytes()) < QUOTA * 1.3, `${await bytes()} bytes`);
  await quota.run();
  assert.ok((await bytes()) <= QUOTA, `${await bytes()} bytes`);
  const listed = Object.keys((await jobs.ask<Record<string, Job>>('GET', '/jobs')).json);
  assert.ok(listed.length >= 20 && listed.length < 100, `${listed.length} jobs`);
  assert.deepEqual(listed, ids.slice(-listed.length), 'the newest, oldest first');
  assert.equal((await jobs.ask('GET', `/v1/jobs/${ids[0]}`)).status, 404);
  assert.match((await jobs.ask('GET', '/metrics')).bytes.toString(), /^job_records_dropped_total\{[^}]*\} [1-9]\d+$/m);
});

test('open jobs are never dropped: when they alone fill the quota, a submission is refused with words', async () => {
  await jobs.stopWorkers();
  await jobs.queue.clear();
  await quota.run();
  const ids: string[] = [];
  let refused: Awaited<ReturnType<typeof jobs.submit>> | undefined;
  for (let i = 0; i < 200 && refused === undefined; i++) {
    const where = { recclass: Array.from({ length: 100 }, (_, n) => `${i}-${n}${'x'.repeat(80)}`) };
    const answer = await jobs.submit({ where });
    if (answer.status === 201) ids.push(answer.json.id);
    else refused = answer;
  }
  assert.deepEqual([refused?.status, refused?.headers['retry-after']], [503, '10']);
  assert.match(JSON.stringify(refused?.json), /records of open jobs exceed the quota.*limit is/);
  assert.ok(ids.length > 10 && (await bytes()) < QUOTA * 1.2);
  const course = await post('');
  assert.deepEqual([course.status, /records of open jobs/.test(course.json.message)], [503, true]);
  for (const id of ids) assert.equal((await jobs.queue.get(id))?.status, 'submitted');
});
