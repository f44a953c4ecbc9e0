// F1, F3, F4, F10, F12: what happens to workers, one thing at a time. How long each took is told, and judged by nobody: that depends on
// what else the machine does.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { anySeed, Random, startTestRedis } from '@almanac/testkit';
import { Observer, ReliableQueue, silent, Worker } from '../src/index.ts';
import { connect } from './chaos/connect.ts';
import { needsCompiler } from './chaos/preload.ts';
import { gapsOf } from './chaos/recovery.ts';
import { Stage, type StageOptions } from './chaos/stage.ts';
import { until } from './chaos/until.ts';
import { startWithClock } from './chaos/wrong-clock.ts';

/** For those who live and must not be taken for dead, on a busy machine either. */
const LOST_AFTER_MS = 3000;

async function setUp(t: TestContext, options: Partial<StageOptions> = {}): Promise<Stage> {
  const seed = anySeed();
  t.diagnostic(`seed ${seed}`);
  const stage = await Stage.start({
    seed,
    workers: 4,
    concurrency: 4,
    producers: 2,
    rate: 200,
    // Longer than a busy machine lets a process wait for its turn: who is taken for dead here is.
    lostAfterMs: 4000,
    isPlain: true,
    ...options,
  });
  t.after(() => stage.end());
  await stage.atWork();
  return stage;
}

test('F1: 12 workers killed, their parent says so: nothing lost, only what they held is begun again, at once', async (t) => {
  const stage = await setUp(t);
  const random = new Random(1);
  for (let i = 0; i < 12; i++) {
    stage.killWorker(random.integer(0, 3), true);
    await sleep(random.integer(250, 750));
  }
  const { violations, ...counts } = await stage.judge();
  const gaps = await gapsOf(stage.events());
  t.diagnostic(`${JSON.stringify(counts)}; begun again after ms ${JSON.stringify(gaps)}`);
  assert.deepEqual(violations, []);
  assert.ok(counts.again <= 12 * 4 && counts.crashes <= 12 * 4, 'no more than four jobs of each');
});

test('F1: 4 workers vanish and nobody says so: others have their jobs after the time of silence', async (t) => {
  const stage = await setUp(t);
  for (let i = 0; i < 4; i++) {
    stage.killWorker(i, false);
    await sleep(700);
  }
  const { violations, ...counts } = await stage.judge();
  const gaps = await gapsOf(stage.events());
  t.diagnostic(`${JSON.stringify(counts)}; begun again after ms ${JSON.stringify(gaps)}`);
  assert.deepEqual(violations, []);
  assert.ok(counts.again <= 16 && counts.crashes <= 16, 'no more than four jobs of each');
});

test('F3: two workers stand still for twice the time of silence: their ends count for nothing, they work on under new names', async (t) => {
  const stage = await setUp(t);
  await Promise.all([0, 1].map((whom) => stage.suspendWorker(whom, 2 * stage.lostAfterMs)));
  const { violations, ...counts } = await stage.judge();
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual(violations, []);
  assert.ok(counts.again <= 8, `${counts.again} jobs begun again of at most 8 held`);
});

test('F3: everything but the store stands still, as on a machine that sleeps: nobody is taken for dead', async (t) => {
  const stage = await setUp(t, { workers: 2 });
  const begun = performance.now();
  const ms = 2 * stage.lostAfterMs;
  const suspended = [0, 1].map((whom) => stage.suspendWorker(whom, ms));
  // The observer lives in this process: it stands still as well, and the timers that wake the workers come due after it.
  await sleep(100);
  while (performance.now() - begun < ms + 200);
  await Promise.all(suspended);
  const { violations, ...counts } = await stage.judge();
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual(violations, []);
  assert.equal(counts.crashes, 0);
});

test('F4: a handler that blocks its own process longer than the silence: another does the job, the late end is refused', async (t) => {
  t.diagnostic('without the thread that beats, which heartbeat.test.ts is about');
  const stage = await setUp(t, { rate: 20 });
  await stage.put('blocker', { blocks: 3 * stage.lostAfterMs });
  const took = await until(async () => (await stage.queue.get(['blocker']))[0]?.state === 'complete', 'the end of the job');
  t.diagnostic(`done by another after ${took} ms`);
  const { violations, ...counts } = await stage.judge();
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual(violations, []);
  assert.ok(counts.again <= 8);
});

test('F12: a job that kills each worker that touches it fails as poison; the others are done', async (t) => {
  const stage = await setUp(t, { rate: 100, concurrency: 1 });
  await stage.put('poison', { exits: true });
  await until(async () => (await stage.queue.get(['poison']))[0]?.state === 'failed', 'the job is given up');
  const last = await stage.rest();
  const poison = last.records.get('poison');
  const { violations, ...counts } = await stage.judge();
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual([poison?.state, poison?.note, poison?.crashes], ['failed', 'poison 4', 4]);
  assert.deepEqual(violations, []);
  assert.equal(counts.crashes, 4, 'with one job at a time, nobody else’s job was touched');
});

test('I7: one worker begins the jobs of each producer in the order they were put, though scripts are forgotten meanwhile', async (t) => {
  const stage = await setUp(t, { workers: 1, concurrency: 1, rate: 60 });
  for (let i = 0; i < 3; i++) {
    await stage.redis.script('FLUSH');
    await stage.untilConfirmed(20, 10_000);
  }
  const { violations, ...counts } = await stage.judge({ isOrdered: true });
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual(violations, []);
});

test('F10: a client whose clock is an hour wrong, either way: nobody is taken for dead, a delayed job is on time', async (t) => {
  const store = await startTestRedis();
  t.after(() => store.end());
  const redis = store.connect(1);
  for (const hours of [-1, 1]) {
    const name = `clock${hours}`;
    const real = Date.now;
    Date.now = () => real() + hours * 3_600_000;
    t.after(() => {
      Date.now = real;
    });
    const queue = new ReliableQueue(redis, name);
    const observer = new Observer({ redis, queue: name, logger: silent, lostAfterMs: LOST_AFTER_MS }).start();
    const begun: number[] = [];
    const handle = async () => {
      begun.push(performance.now());
      await sleep(1500);
      return { state: 'complete', note: '{}' } as const;
    };
    const options = { redis: connect(store.port), blocking: connect(store.port), lostAfterMs: LOST_AFTER_MS };
    const worker = new Worker({ ...options, queue: name, logger: silent, blockSeconds: 0.2, handle }).start();
    const asked = performance.now();
    await queue.enqueue('job', '{}', { delayMs: 400 });
    await until(async () => (await queue.get(['job']))[0]?.state === 'complete', 'the end of the job');
    await worker.stop();
    observer.stop();
    options.redis.disconnect();
    Date.now = real;
    assert.equal(begun.length, 1, 'begun once');
    const late = (begun[0] as number) - asked - 400;
    t.diagnostic(`clock ${hours} h: begun ${Math.round(late)} ms after it was due`);
    assert.ok(late >= -2, 'not before');
  }
});

test('F10: the store’s clock jumps an hour, forth and back: nobody is taken for dead, nothing is begun twice, delayed jobs follow it', async (t) => {
  const clock = await startWithClock();
  if (clock === undefined) return t.skip(needsCompiler);
  t.after(() => clock.end());
  const { store } = clock;
  const redis = store.connect(1);
  const ahead = async () => Math.round((Number((await redis.time())[0]) * 1000 - Date.now()) / 3_600_000) + 0;
  const queue = new ReliableQueue(redis, 'clock');
  t.after(() => queue.close());
  const observer = new Observer({ redis, queue: 'clock', logger: silent, lostAfterMs: LOST_AFTER_MS }).start();
  t.after(() => observer.stop());
  const begun: string[] = [];
  const options = { redis: connect(store.port), blocking: connect(store.port), lostAfterMs: LOST_AFTER_MS };
  const handle = async ({ id }: { id: string }) => {
    begun.push(id);
    await sleep(1200);
    return { state: 'complete', note: '{}' } as const;
  };
  const worker = new Worker({ ...options, queue: 'clock', logger: silent, blockSeconds: 0.2, concurrency: 4, handle }).start();
  t.after(async () => {
    await worker.stop();
    options.redis.disconnect();
  });
  const areDone = (many: number) => until(async () => (await queue.counts()).complete >= many, `${many} jobs done`);
  // A server may read its clock only now and then.
  const jump = async (hours: number) => {
    clock.set(3600 * hours);
    await until(async () => (await ahead()) === hours, `the server's clock ${hours} h ahead`);
  };
  await queue.enqueue('running', '{}');
  await queue.enqueue('in-an-hour', '{}', { delayMs: 3_600_000 });
  await until(() => begun.length > 0, 'the beginning of the first job');
  await jump(1);
  await queue.enqueue('after', '{}');
  await areDone(3);
  await jump(-1);
  await queue.enqueue('past', '{}');
  await areDone(4);
  assert.deepEqual(begun.sort(), ['after', 'in-an-hour', 'past', 'running']);
  const records = await queue.get(begun);
  assert.deepEqual(
    records.map((record) => record?.crashes),
    [0, 0, 0, 0],
  );
});
