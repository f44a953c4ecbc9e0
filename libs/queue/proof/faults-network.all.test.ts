// F8: what a network does to a worker and a producer, one thing at a time. How long it takes until jobs are done again is told, and judged
// by nobody: that depends on what else the machine does.
import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis } from '@almanac/testkit';
import { ReliableQueue, silent, Worker } from '../src/index.ts';
import type { Judgement } from './chaos/conduit.ts';
import { connect } from './chaos/connect.ts';
import { NetworkProxy } from './chaos/proxy.ts';
import { faultsOf, takeReading } from './chaos/reading.ts';
import { until } from './chaos/until.ts';

const store = await startTestRedis();
after(() => store.end());
let n = 0;

/** A worker and a producer behind a network, both at work; what is wrong with it is told to `proxy`. */
async function setUp(t: TestContext) {
  const name = `network${++n}`;
  const proxy = await NetworkProxy.start(store.port);
  const redis = store.connect(1);
  const runs = new Map<string, number>();
  const distant = connect(proxy.port);
  const [commands, blocking] = [connect(proxy.port), connect(proxy.port)];
  const handle = async ({ id }: { id: string }) => {
    runs.set(id, (runs.get(id) ?? 0) + 1);
    await sleep(2);
    return { state: 'complete', note: '{}' } as const;
  };
  const worker = new Worker({ redis: commands, blocking, queue: name, logger: silent, concurrency: 2, handle }).start();
  const [direct, producer] = [new ReliableQueue(redis, name), new ReliableQueue(distant, name)];
  let isOver = false;
  const ids: string[] = [];
  const producing = (async () => {
    for (let i = 0; !isOver; i++) {
      const id = `job${i}`;
      ids.push(id);
      while (!(await producer.enqueue(id, '{}').then(Boolean, () => false))) await sleep(20);
      await sleep(10);
    }
  })();
  t.after(async () => {
    isOver = true;
    proxy.heal();
    await worker.stop(500);
    for (const client of [commands, distant]) client.disconnect();
    await proxy.end();
    await producing.catch(() => {});
  });
  const isDone = async (id: string) => (await direct.get([id]))[0]?.state === 'complete';
  return {
    proxy,
    /** milliseconds until a job that is put now without the network's help is done */
    async untilNextEnd(): Promise<number> {
      const id = `probe${performance.now()}`;
      await direct.enqueue(id, '{}', { isUrgent: true });
      return until(() => isDone(id), 'a job that is done');
    },
    /** some jobs are done: from now on faults hit something */
    atWork: () => until(async () => (await direct.counts()).complete > 20, 'worker and producer at work'),
    /** how many connections the store has from this network's side, when all is quiet */
    connections: async () => (String(await redis.call('CLIENT', 'LIST', 'TYPE', 'normal')).match(/^id=/gm) ?? []).length,
    /** lets all be done, and says what is wrong */
    async faults(): Promise<string[]> {
      isOver = true;
      proxy.heal();
      await producing;
      const areDone = async () => (await direct.get(ids)).every((record) => record?.state === 'complete');
      await until(areDone, 'the end of all jobs').catch(() => {});
      const reading = await takeReading(redis, name);
      const twice = [...runs].filter(([, times]) => times > 1).map(([id]) => `${id} was run more than once`);
      const open = ids
        .filter((id) => reading.records.get(id)?.state !== 'complete')
        .map((id) => `${id} is ${reading.records.get(id)?.state}`);
      return [...faultsOf(reading), ...twice, ...open];
    },
  };
}

test('F8: nothing passes for 15 seconds, then everything', async (t) => {
  const { proxy, atWork, untilNextEnd, connections, faults } = await setUp(t);
  await atWork();
  const before = await connections();
  proxy.freeze();
  await sleep(15_000);
  proxy.heal();
  const resumed = await untilNextEnd();
  t.diagnostic(`a job is done ${resumed} ms after the network is back`);
  assert.deepEqual(await faults(), []);
  await until(async () => (await connections()) <= before, `no more than the ${before} connections of before`);
});

test('F8: all connections are half-open: clients that are told nothing find out and make new ones', async (t) => {
  const { proxy, atWork, untilNextEnd, faults } = await setUp(t);
  await atWork();
  for (const conduit of proxy.conduits) conduit.halfOpen();
  const resumed = await untilNextEnd();
  t.diagnostic(`a job is done ${resumed} ms after the cut that nobody was told of`);
  assert.deepEqual(await faults(), []);
});

test('F8: the store serves ghosts of clients that are gone: what it gives them is found', async (t) => {
  const { proxy, atWork, untilNextEnd, faults } = await setUp(t);
  await atWork();
  for (let i = 0; i < 3; i++) {
    await sleep(400);
    for (const conduit of proxy.conduits) conduit.ghost(3000);
  }
  const resumed = await untilNextEnd();
  t.diagnostic(`a job is done ${resumed} ms after the last`);
  assert.deepEqual(await faults(), []);
});

test('F8: connections are reset ten times', async (t) => {
  const { proxy, atWork, untilNextEnd, connections, faults } = await setUp(t);
  await atWork();
  const before = await connections();
  for (let i = 0; i < 10; i++) {
    await sleep(150);
    for (const conduit of proxy.conduits) conduit.reset();
  }
  const resumed = await untilNextEnd();
  t.diagnostic(`a job is done ${resumed} ms after the last`);
  assert.deepEqual(await faults(), []);
  await until(async () => (await connections()) <= before, `no more than the ${before} connections of before`);
});

for (const ms of [1, 50, 500]) {
  test(`F8: each way takes ${ms} ms longer`, async (t) => {
    const { proxy, atWork, untilNextEnd, faults } = await setUp(t);
    await atWork();
    proxy.slow(ms);
    await sleep(1500);
    const took = await untilNextEnd();
    t.diagnostic(`a job is done after ${took} ms`);
    proxy.heal();
    assert.deepEqual(await faults(), []);
  });
}

test('F8: every connection passes a byte a second: they are given up and made anew', async (t) => {
  const { proxy, atWork, untilNextEnd, faults } = await setUp(t);
  await atWork();
  for (const conduit of proxy.conduits) conduit.trickle();
  const resumed = await untilNextEnd();
  t.diagnostic(`a job is done ${resumed} ms after the trickle began`);
  assert.deepEqual(await faults(), []);
});

for (const judgement of ['swallow', 'cut', 'late'] as const satisfies Judgement[]) {
  test(`F8: replies to scripts lost exactly after the command, all kinds of script in turn (${judgement})`, async (t) => {
    const { proxy, atWork, untilNextEnd, faults } = await setUp(t);
    await atWork();
    for (let i = 0; i < (judgement === 'late' ? 2 : 12); i++) {
      await sleep(judgement === 'late' ? 1000 : 120);
      let left = i % 4;
      proxy.watch(([command]) => {
        if (command !== 'evalsha' || left-- > 0) return 'pass';
        proxy.watch(undefined);
        return judgement;
      });
    }
    await sleep(1000);
    proxy.heal();
    const resumed = await untilNextEnd();
    t.diagnostic(`a job is done ${resumed} ms after the last`);
    assert.deepEqual(await faults(), []);
  });
}
