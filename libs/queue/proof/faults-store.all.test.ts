// F5, F6, F7, F9, F11, F13, F14: what happens to the store, one thing at a time. How long each took is told, and judged by nobody: that
// depends on what else the machine does.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { anySeed, startTestRedis, type TestRedis } from '@almanac/testkit';
import { ReliableQueue, silent, Worker } from '../src/index.ts';
import { monotonicMs } from './chaos/history.ts';
import { PoweredStore } from './chaos/power.ts';
import { needsCompiler } from './chaos/preload.ts';
import { bringServer } from './chaos/servers.ts';
import { Stage, type StageOptions } from './chaos/stage.ts';
import { until } from './chaos/until.ts';

const ALWAYS = ['--appendonly', 'yes', '--appendfsync', 'always'];
const EVERY_SECOND = ['--appendonly', 'yes', '--appendfsync', 'everysec'];

async function setUp(t: TestContext, options: Partial<StageOptions> = {}): Promise<Stage> {
  const seed = anySeed();
  t.diagnostic(`seed ${seed}`);
  const stage = await Stage.start({ seed, workers: 3, concurrency: 4, producers: 2, rate: 150, lostAfterMs: 4000, ...options });
  t.after(() => stage.end());
  await stage.atWork();
  return stage;
}

/** Kills the store three times under load. Answers when each time was, and how long it took until work went on. */
async function killThrice(stage: Stage): Promise<{ deaths: number[]; resumed: number[] }> {
  const [deaths, resumed]: [number[], number[]] = [[], []];
  for (let i = 0; i < 3; i++) {
    deaths.push(monotonicMs());
    await stage.store.kill('SIGKILL');
    await sleep(300);
    await stage.store.start();
    resumed.push(await stage.untilNextStart());
    await stage.untilConfirmed(100, 10_000);
  }
  return { deaths, resumed };
}

test('F5: the store is killed three times, every write is on the disk first: nothing lost, work goes on', async (t) => {
  const stage = await setUp(t);
  const { resumed } = await killThrice(stage);
  const { violations, ...counts } = await stage.judge();
  t.diagnostic(`${JSON.stringify(counts)}; first start after ms ${resumed.join(', ')}`);
  assert.deepEqual(violations, []);
});

/** A server puts off a write by that much, where the disk is slow to make the one before it safe. */
const PUT_OFF_MS = 2000;

test('F6: the store is killed three times, the disk is a second behind: lost is nothing, or what the server itself still held back', async (t) => {
  const stage = await setUp(t, { storeOptions: EVERY_SECOND });
  const { deaths, resumed } = await killThrice(stage);
  stage.watch.forget();
  const { violations, lost, ...counts } = await stage.judge({ forgets: true });
  t.diagnostic(`${JSON.stringify(counts)}; ${lost.length} lost; first start after ms ${resumed.join(', ')}`);
  assert.deepEqual(violations, []);
  const isHeldBack = (at: number) => deaths.some((death) => at > death - PUT_OFF_MS && at < death + 1000);
  assert.deepEqual(
    lost.filter(({ at }) => !isHeldBack(at)),
    [],
  );
});

/** Power fails at a moment at which something is at stake. Answers the ids whose records are safe. */
async function failPower(t: TestContext, powered: PoweredStore, stage: Stage, leastAtStake: number): Promise<(id: string) => boolean> {
  await until(() => powered.atStake >= leastAtStake, `${leastAtStake} bytes that are not safe`);
  const { gone, left } = await powered.fail();
  t.diagnostic(`${gone} bytes of the store's file were not safe, and are gone`);
  stage.watch.forget();
  await powered.store.start();
  await stage.untilNextStart();
  await stage.untilConfirmed(100, 10_000);
  return (id) => left.includes(`:j:${id}\r\n`);
}

async function startPowered(t: TestContext, options: readonly string[]): Promise<PoweredStore | undefined> {
  const powered = await PoweredStore.start(options);
  if (powered === undefined) t.skip(needsCompiler);
  else t.after(() => powered.end());
  return powered;
}

test('F7, row 14: power fails, the disk is a second behind: lost is exactly what was not on it', async (t) => {
  const powered = await startPowered(t, EVERY_SECOND);
  if (powered === undefined) return;
  const stage = await setUp(t, { store: powered.store });
  const isSafe = await failPower(t, powered, stage, 10_000);
  const { violations, lost, ...counts } = await stage.judge({ forgets: true });
  t.diagnostic(`${JSON.stringify(counts)}; ${lost.length} lost`);
  assert.deepEqual(violations, []);
  assert.deepEqual(
    lost.filter(({ id }) => isSafe(id)),
    [],
  );
  assert.ok(lost.length > 0, 'something was lost, or nothing was tested');
});

test('F7: power fails, every write is on the disk first: nothing lost', async (t) => {
  const powered = await startPowered(t, ALWAYS);
  if (powered === undefined) return;
  const stage = await setUp(t, { store: powered.store, durability: 'fsync' });
  await failPower(t, powered, stage, 0);
  const { violations, ...counts } = await stage.judge();
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual(violations, []);
});

test('F6, F7: power fails, the disk is a second behind and producers wait for it (WAITAOF): no job of theirs is lost', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'almanac-power-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const server = await bringServer('Redis 8', folder);
  if ('skip' in server) return t.skip(server.skip);
  const usual = process.env.ALMANAC_STORE_SERVER;
  process.env.ALMANAC_STORE_SERVER = server.path;
  t.after(() => {
    if (usual === undefined) delete process.env.ALMANAC_STORE_SERVER;
    else process.env.ALMANAC_STORE_SERVER = usual;
  });
  const powered = await startPowered(t, EVERY_SECOND);
  if (powered === undefined) return;
  const stage = await setUp(t, { store: powered.store, durability: 'fsync' });
  await failPower(t, powered, stage, 10_000);
  const { violations, lost, ...counts } = await stage.judge({ forgets: true });
  t.diagnostic(JSON.stringify(counts));
  assert.deepEqual(violations, []);
  assert.deepEqual(lost, []);
});

const startReplica = (port: number) => startTestRedis(['--repl-diskless-sync-delay', '0', '--replicaof', '127.0.0.1', String(port)]);

/**
 * Asks again and again what the replica has: all that was written before the last question that it answered. That its link is up tells
 * nothing: the master may send it what is new only seconds later.
 */
class ReplicaWatch {
  readonly #asking: Promise<void>;
  #isOver = false;
  /** what was accepted before this is on the replica */
  hasAllBefore = 0;

  constructor(master: TestRedis) {
    this.#asking = this.#ask(master);
  }

  async #ask(master: TestRedis): Promise<void> {
    const redis = master.connect();
    while (!this.#isOver) {
      const before = monotonicMs();
      await redis.set('question', String(before)).catch(() => {});
      if ((await redis.wait(1, 1000).catch(() => 0)) === 1) this.hasAllBefore = before;
      await sleep(20);
    }
  }

  end(): Promise<void> {
    this.#isOver = true;
    return this.#asking;
  }
}

for (const durability of ['memory', 'replicated'] as const) {
  test(`F9, row 15: a replica takes over under load, jobs are accepted when ${durability}: nothing is stuck, lost is only what it lacked`, async (t) => {
    const stage = await Stage.start({
      ...{ seed: anySeed(), workers: 3, concurrency: 4, producers: 2, rate: 150, lostAfterMs: 4000 },
      ...{ durability, storeOptions: ['--repl-diskless-sync-delay', '0'] },
    });
    t.after(() => stage.end());
    const replica = await startReplica(stage.store.port);
    t.after(() => replica.end());
    const watch = new ReplicaWatch(stage.store);
    await until(() => watch.hasAllBefore > 0, 'a replica that has what the master has');
    await stage.atWork();
    const atWork = monotonicMs();
    await until(() => watch.hasAllBefore > atWork, 'a replica that has what was put since');
    const died = monotonicMs();
    await stage.store.kill('SIGKILL');
    await watch.end();
    const own = replica.connect();
    await own.replicaof('NO', 'ONE');
    // Where jobs are accepted when two have them, there must be two again.
    const second = durability === 'replicated' ? await startReplica(replica.port) : undefined;
    t.after(() => second?.end());
    stage.lead(replica.port);
    const resumed = await stage.untilNextStart();
    stage.watch.forget();
    await stage.untilConfirmed(100, 10_000);
    const { violations, lost, ...counts } = await stage.judge({ forgets: true });
    t.diagnostic(`${JSON.stringify(counts)}; ${lost.length} lost; first start after ${resumed} ms`);
    t.diagnostic(`it surely had all that was accepted ${Math.round(died - watch.hasAllBefore)} ms before the master died`);
    assert.deepEqual(violations, []);
    assert.deepEqual(durability === 'memory' ? lost.filter(({ at }) => at < watch.hasAllBefore) : lost, []);
  });
}

test('F11: a backlog of 100,000: a job costs 500 bytes at most; one in the middle is cancelled without a walk to it; it is drained to nothing', async (t) => {
  const DEEP = 100_000;
  const store = await startTestRedis();
  t.after(() => store.end());
  const redis = store.connect(1);
  const queue = new ReliableQueue(redis, 'backlog');
  const payload = JSON.stringify({ process: 'plot', dataset: 'x'.repeat(60) });
  const memory = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  const before = await memory();
  for (let at = 0; at < DEEP; at += 5000) {
    await queue.enqueueAll(Array.from({ length: 5000 }, (_, i) => ({ id: `job-of-the-backlog-with-an-id-${at + i}`, payload })));
  }
  const bytes = ((await memory()) - before) / DEEP;
  const middle = `job-of-the-backlog-with-an-id-${DEEP / 2}`;
  assert.equal(await queue.cancel(middle), 'cancelled');
  assert.equal(await queue.depth(), DEEP, 'it is left where it is');
  const begun: string[] = [];
  const handle = async ({ id }: { id: string }) => {
    begun.push(id);
    return { state: 'complete', note: '{}' } as const;
  };
  const worker = new Worker({ redis, blocking: store.connect(1), queue: 'backlog', logger: silent, concurrency: 200, handle }).start();
  t.after(() => worker.stop());
  const drained = await until(async () => (await queue.counts()).complete === DEEP - 1, 'the end of all jobs', 120_000);
  t.diagnostic(`${bytes.toFixed(0)} bytes a job; drained in ${drained} ms`);
  assert.ok(bytes <= 500);
  assert.ok(!begun.includes(middle), 'and never begins');
  assert.equal(begun.length, DEEP - 1);
  await queue.trim(Date.now() + 60_000);
  await worker.stop();
  assert.ok((await memory()) - before < 20_000_000, 'what it took is free again');
});

test('F13: a store that is full refuses new jobs and is drained by its workers; nobody is taken for dead', async (t) => {
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
  await until(async () => (await queue.depth()) === 0, 'an empty list');
  const name = worker.name as string;
  await until(async () => Number(await redis.hget(queue.keys.workers, name)) > 1, 'a beat in a full store');
  await until(async () => (await queue.counts()).active === 0, 'the end of all jobs');
  const counts = await queue.counts();
  t.diagnostic(`${accepted} jobs accepted until refused, ${counts.complete} done in a full store`);
  assert.equal(counts.complete, accepted);
  assert.equal(worker.name, name, 'nobody took it for dead');
});

test('F14: scripts forgotten and all connections cut each second: nobody who asks notices but by time', async (t) => {
  const stage = await setUp(t, { isPlain: true, lostAfterMs: 10_000 });
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
