// Workers die at random moments under load. About 20 seconds: ALMANAC_TEST_ALL=1.
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { Observer, ReliableQueue, silent } from './index.ts';

const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'takes 20 seconds; set ALMANAC_TEST_ALL=1 to run it';
const JOBS = 3000;
const WORKERS = 4;
const KILLS = 15;
const LOST_AFTER_MS = 1000;

test('workers killed at random under load: every job ends complete, once; nothing is left over', { skip }, async (t) => {
  const store = await startTestRedis();
  after(() => store.end());
  const redis = store.connect(1);
  const queue = new ReliableQueue(redis, 'faults');
  const observer = new Observer({ redis, queue: 'faults', logger: silent, lostAfterMs: LOST_AFTER_MS }).start();
  after(() => observer.stop());
  let begun = 0;
  const ended = new Map<string, number>();
  const start = (): ChildProcess => {
    const child = fork(new URL('./fixtures/worker-process.ts', import.meta.url), [store.port, 'faults', 5, LOST_AFTER_MS].map(String));
    child.on('message', (message: { began?: string; ended?: string }) => {
      if (message.began !== undefined) begun++;
      if (message.ended !== undefined) ended.set(message.ended, (ended.get(message.ended) ?? 0) + 1);
    });
    return child;
  };
  const workers = Array.from({ length: WORKERS }, start);
  after(() => workers.forEach((worker) => void worker.kill('SIGKILL')));
  const ids = Array.from({ length: JOBS }, (_, i) => `job-${i}`);
  const adding = Promise.all(ids.map((id) => queue.enqueue(id, '{}')));
  for (let i = 0; i < KILLS; i++) {
    await sleep(150 + Math.random() * 200);
    const which = Math.floor(Math.random() * WORKERS);
    workers[which]?.kill('SIGKILL');
    workers[which] = start();
  }
  await adding;
  const states = async () => (await queue.list({ offset: 0, limit: 0, states: ['complete'] })).matched;
  for (const end = Date.now() + 60_000; (await states()) < JOBS; await sleep(50))
    assert.ok(Date.now() < end, `${await states()} of ${JOBS}`);
  const records = await queue.get(ids);
  const crashes = records.reduce((sum, record) => sum + (record?.crashes ?? 0), 0);
  t.diagnostic(`${begun} runs for ${JOBS} jobs, ${crashes} of them lost with their worker`);
  assert.ok(begun - JOBS <= KILLS && crashes <= KILLS, 'nothing was run again but what a killed worker held');
  assert.equal(await queue.depth(), 0);
  assert.equal(await queue.lost(), 0);
  assert.deepEqual(await redis.keys(queue.keys.held('*').replace(/[{}]/g, '\\$&')), []);
});
