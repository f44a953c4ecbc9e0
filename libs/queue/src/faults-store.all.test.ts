// F5, F6, F7, F9, F11, F13, F14: what happens to the store, one thing at a time. About 90 seconds: ALMANAC_TEST_FAULTS=1.
import assert from 'node:assert/strict';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { monotonicMs } from './chaos/history.ts';
import { anySeed } from './chaos/random.ts';
import { Stage, type StageOptions } from './chaos/stage.ts';
import { ReliableQueue, silent, Worker } from './index.ts';

const skip = process.env.ALMANAC_TEST_FAULTS === '1' ? false : 'takes two minutes of a quiet machine; set ALMANAC_TEST_FAULTS=1 to run it';
const EVERY_SECOND = ['--appendonly', 'yes', '--appendfsync', 'everysec'];

async function setUp(t: TestContext, options: Partial<StageOptions> = {}): Promise<Stage> {
  const seed = anySeed();
  t.diagnostic(`seed ${seed}`);
  const stage = await Stage.start({ seed, workers: 3, concurrency: 4, producers: 2, rate: 150, lostAfterMs: 2000, ...options });
  t.after(() => stage.end());
  await sleep(1500);
  return stage;
}

/** Milliseconds until a handler begins, from now on. */
async function untilNextStart(stage: Stage): Promise<number> {
  const since = monotonicMs();
  for (const end = since + 10_000; monotonicMs() < end; await sleep(20)) {
    for await (const event of stage.events()) if (event.what === 'started' && event.at > since) return event.at - since;
  }
  return Number.POSITIVE_INFINITY;
}

for (const [row, how, storeOptions] of [
  ['F5', 'every write is on the disk first', undefined],
  ['F6', 'the disk is a second behind', EVERY_SECOND],
] as const) {
  test(`${row}: the store is killed three times, ${how}: nothing lost, work goes on at once`, { skip }, async (t) => {
    const stage = await setUp(t, storeOptions === undefined ? {} : { storeOptions });
    const resumed: number[] = [];
    for (let i = 0; i < 3; i++) {
      await stage.store.kill('SIGKILL');
      await sleep(300);
      await stage.store.start();
      resumed.push(Math.round(await untilNextStart(stage)));
      await sleep(1000);
    }
    const { violations, ...counts } = await stage.judge();
    t.diagnostic(`${JSON.stringify(counts)}; first start after ms ${resumed.join(', ')}`);
    assert.deepEqual(violations, []);
    for (const ms of resumed) assert.ok(ms < 2000, `${ms} ms`);
  });
}

test('F7: power fails and the last two seconds of the store’s file are gone: lost is only what was put in that time', {
  skip,
}, async (t) => {
  const stage = await setUp(t, { storeOptions: EVERY_SECOND });
  const folder = join(stage.store.folder, 'appendonlydir');
  const file = () => join(folder, readdirSync(folder).find((name) => name.endsWith('.incr.aof')) as string);
  const sizes: { at: number; size: number }[] = [];
  for (const end = monotonicMs() + 4000; monotonicMs() < end; await sleep(20))
    sizes.push({ at: monotonicMs(), size: statSync(file()).size });
  const died = monotonicMs();
  await stage.store.kill('SIGKILL');
  const kept = sizes.findLast(({ at }) => at < died - 2000) as { at: number; size: number };
  truncateSync(file(), kept.size);
  stage.watch.forget();
  await stage.store.start();
  await sleep(1500);
  const { violations, lost, ...counts } = await stage.judge({ forgets: true });
  const early = lost.filter(({ at }) => at < kept.at);
  t.diagnostic(`${JSON.stringify(counts)}; ${lost.length} lost, all put in the last ${Math.round(died - kept.at)} ms`);
  assert.deepEqual(violations, []);
  assert.deepEqual(early, []);
  assert.ok(lost.length > 0, 'something was lost, or nothing was tested');
});

const startReplica = (port: number) => startTestRedis(['--repl-diskless-sync-delay', '0', '--replicaof', '127.0.0.1', String(port)]);

for (const durability of ['memory', 'replicated'] as const) {
  test(`F9: a replica takes over under load, jobs are accepted when ${durability}: nothing is stuck, what is lost is bounded`, {
    skip,
  }, async (t) => {
    const stage = await setUp(t, { durability, storeOptions: ['--repl-diskless-sync-delay', '0'] });
    const replica = await startReplica(stage.store.port);
    t.after(() => replica.end());
    const own = replica.connect(1);
    while (!/master_link_status:up/.test(await own.info('replication'))) await sleep(20);
    await sleep(2000);
    await stage.store.kill('SIGKILL');
    await own.replicaof('NO', 'ONE');
    // Where jobs are accepted when two have them, there must be two again.
    const second = durability === 'replicated' ? await startReplica(replica.port) : undefined;
    t.after(() => second?.end());
    stage.lead(replica.port);
    const resumed = await untilNextStart(stage);
    stage.watch.forget();
    await sleep(1500);
    const { violations, lost, ...counts } = await stage.judge({ forgets: true });
    t.diagnostic(`${JSON.stringify(counts)}; ${lost.length} lost; first start after ${Math.round(resumed)} ms`);
    assert.deepEqual(violations, []);
    assert.ok(lost.length <= (durability === 'memory' ? 20 : 0), `${lost.length} lost`);
    assert.ok(resumed < 2000);
  });
}

test('F11: a backlog of 100,000: taking is as quick as from an empty queue; a job costs 500 bytes at most; the middle is cancelled quickly', {
  skip,
}, async (t) => {
  const store = await startTestRedis();
  t.after(() => store.end());
  const redis = store.connect(1);
  const queue = new ReliableQueue(redis, 'backlog');
  const payload = JSON.stringify({ process: 'plot', dataset: 'x'.repeat(60) });
  const takes = async () => {
    const ms: number[] = [];
    const { list, tag } = queue.keys;
    const { scripts } = await import('./scripts.ts');
    await redis.eval(scripts.beat.text, 2, list, tag, 'w', 'new');
    for (let i = 0; i < 300; i++) {
      const begun = performance.now();
      await redis
        .evalsha(scripts.cycle.sha, 2, list, tag, 'w', i, 1, '', 0)
        .catch(() => redis.eval(scripts.cycle.text, 2, list, tag, 'w', i, 1, '', 0));
      ms.push(performance.now() - begun);
    }
    return ms.sort((a, b) => a - b);
  };
  const memory = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  await queue.enqueueAll(Array.from({ length: 300 }, (_, i) => ({ id: `first${i}`, payload })));
  const shallow = await takes();
  const before = await memory();
  const begun = performance.now();
  for (let at = 0; at < 100_000; at += 5000) {
    await queue.enqueueAll(Array.from({ length: 5000 }, (_, i) => ({ id: `job-of-the-backlog-with-an-id-${at + i}`, payload })));
  }
  const filled = (performance.now() - begun) / 1000;
  const bytes = ((await memory()) - before) / 100_000;
  const deep = await takes();
  const asked = performance.now();
  await queue.cancel('job-of-the-backlog-with-an-id-50000');
  const cancelled = performance.now() - asked;
  const p = (ms: number[], share: number) => (ms[Math.floor(ms.length * share)] as number).toFixed(2);
  t.diagnostic(`filled in ${filled.toFixed(1)} s; ${bytes.toFixed(0)} bytes a job; cancel in the middle ${cancelled.toFixed(1)} ms`);
  t.diagnostic(`take ms p50 ${p(shallow, 0.5)} -> ${p(deep, 0.5)}, p99 ${p(shallow, 0.99)} -> ${p(deep, 0.99)}`);
  assert.ok(bytes <= 500);
  assert.ok(cancelled < 50);
  assert.ok(Number(p(deep, 0.5)) <= 1.5 * Number(p(shallow, 0.5)) + 0.2);
});

test('F13: a store that is full refuses new jobs and is drained by its workers; nobody is taken for dead', { skip }, async (t) => {
  const store = await startTestRedis();
  t.after(() => store.end());
  const redis = store.connect(1);
  const queue = new ReliableQueue(redis, 'full');
  await redis.config('SET', 'maxmemory', String(8_000_000), 'maxmemory-policy', 'noeviction');
  let accepted = 0;
  const refusal = await (async () => {
    for (;;) {
      try {
        await queue.enqueueAll(Array.from({ length: 100 }, (_, i) => ({ id: `j${accepted + i}`, payload: `"${'y'.repeat(300)}"` })));
        accepted += 100;
      } catch (error) {
        return error;
      }
    }
  })();
  assert.match(String(refusal), /OOM/);
  const options = { redis: store.connect(1), blocking: store.connect(1) };
  const worker = new Worker({
    ...options,
    queue: 'full',
    logger: silent,
    concurrency: 10,
    handle: async () => ({ state: 'complete', note: '{}' }),
  }).start();
  t.after(() => worker.stop());
  for (const end = performance.now() + 20_000; (await queue.depth()) > 0; await sleep(20)) assert.ok(performance.now() < end, 'it drains');
  const name = worker.name as string;
  await sleep(1500);
  const counts = await queue.counts();
  t.diagnostic(`${accepted} jobs accepted until refused, ${counts.complete} done in a full store`);
  assert.equal(counts.complete, accepted);
  assert.ok(Number(await redis.hget(queue.keys.workers, name)) > 1, 'it beat all the while');
});

test('F14: scripts forgotten and all connections cut each second: nobody who asks notices but by time', { skip }, async (t) => {
  const stage = await setUp(t, { isPlain: true });
  let isOver = false;
  const errors: unknown[] = [];
  let asked = 0;
  const asking = (async () => {
    while (!isOver) {
      await stage.put(`own-${asked++}`, {}).catch((error: unknown) => errors.push(error));
      await sleep(5);
    }
  })();
  for (let i = 0; i < 5; i++) {
    await stage.redis.script('FLUSH');
    await sleep(700);
  }
  isOver = true;
  await asking;
  assert.deepEqual(errors, [], 'forgotten scripts are no error to who asks');
  for (let i = 0; i < 5; i++) {
    await stage.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await stage.redis.config('RESETSTAT');
    await sleep(700);
  }
  const { violations, ...counts } = await stage.judge();
  t.diagnostic(`${JSON.stringify(counts)}, ${asked} asked by one who must not see an error`);
  assert.deepEqual(violations, []);
  assert.equal(counts.again, 0, 'nothing was begun twice');
});
