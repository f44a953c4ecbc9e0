import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReliableQueue } from '@almanac/hotqueue';
import type { TestRedis } from '@almanac/testkit';
import { delay, notePercentiles, type Scenario, sides } from './bench.ts';
import { connect, QUEUE, worker } from './ours.ts';
import { must, type OpenSide } from './side.ts';

export const pickUp: Scenario = async (bench) => {
  const count = 200;
  const figures = await bench.alternate(async (note) => {
    for (const side of sides) notePercentiles(note, side.name, await bench.on(side, (open) => pickUpTimes(open, count)));
    notePercentiles(note, 'raw', await bench.raw.latencies(count, () => sleep(8)));
  });
  return [
    delay('J3', 'pick-up by an idle worker, p50', figures, 'ours p50', 'BullMQ p50', 'BullMQ', '<= 0.5x'),
    delay('J3', 'pick-up by an idle worker, p99', figures, 'ours p99', 'BullMQ p99', 'BullMQ'),
    delay('J3', 'pick-up by an idle worker, p50', figures, 'ours p50', 'raw p50', 'bare BLMOVE', '<= 1.3x: stretch'),
  ];
};

/** Milliseconds from the call that adds a job to its handler, one job at a time. */
async function pickUpTimes(open: OpenSide, count: number): Promise<number[]> {
  const times: number[] = [];
  let added = 0;
  let begun = () => {};
  const working = await open.work(4, () => {
    times.push(performance.now() - added);
    begun();
  });
  working.start();
  await sleep(100);
  for (let job = 0; job < count; job++) {
    const picked = new Promise<void>((resolve) => {
      begun = resolve;
    });
    added = performance.now();
    void open.add(job);
    await picked;
    await sleep(8);
  }
  await working.stop();
  await open.check(count, 0);
  return times;
}

export const delayed: Scenario = async (bench) => {
  const count = 100;
  const figures = await bench.alternate(async (note) => {
    for (const side of sides) notePercentiles(note, side.name, await bench.on(side, (open) => latenesses(open, count)));
  });
  return [
    delay('-', 'a delayed job is late by, p50', figures, 'ours p50', 'BullMQ p50', 'BullMQ'),
    delay('-', 'a delayed job is late by, p99 (< 20 ms)', figures, 'ours p99', 'BullMQ p99', 'BullMQ'),
  ];
};

async function latenesses(open: OpenSide, count: number): Promise<number[]> {
  const due: number[] = [];
  const late: number[] = [];
  const working = await open.work(10, (job) => late.push(performance.now() - (due[job] as number)));
  working.start();
  for (let job = 0; job < count; job++) {
    const ms = randomInt(200, 1000);
    due[job] = performance.now() + ms;
    await open.add(job, ms);
  }
  await working.ended(count);
  await working.stop();
  must(late.length === count, 'a delayed job came twice or never');
  must(Math.min(...late) >= -1, 'a delayed job came before its time');
  await open.check(count, 0);
  return late;
}

export const cancelling: Scenario = async (bench) => {
  const count = 100;
  const figures = await bench.alternate(async (note) => {
    notePercentiles(note, 'ours', await cancelTimes(bench.store, count));
    notePercentiles(note, 'raw', await bench.raw.messages(count));
  });
  return [
    delay('-', 'cancelling reaches a running job, p50', figures, 'ours p50', 'raw p50', 'a bare PUBLISH'),
    delay('-', 'cancelling reaches a running job, p99 (< 100 ms)', figures, 'ours p99', 'raw p99', 'a bare PUBLISH'),
  ];
};

/** Milliseconds from the call that cancels to the handler's signal, for jobs that all run. */
async function cancelTimes(store: TestRedis, count: number): Promise<number[]> {
  const redis = await connect(store);
  await redis.flushdb();
  const queue = new ReliableQueue(redis, QUEUE);
  const ids = Array.from({ length: count }, (_, i) => `job-${i}`);
  const signals = new Map<string, AbortSignal>();
  const working = await worker(store, count, ({ id, signal }) => {
    signals.set(id, signal);
    return new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  await queue.enqueueAll(ids.map((id) => ({ id, payload: '{}' })));
  working.start();
  while (signals.size < count) await sleep(10);
  const times: number[] = [];
  for (const id of ids) {
    const aborted = new Promise<void>((resolve) => signals.get(id)?.addEventListener('abort', () => resolve()));
    const started = performance.now();
    void queue.cancel(id);
    await aborted;
    times.push(performance.now() - started);
  }
  await working.stop();
  must((await queue.counts()).cancelled === count, 'a cancelled job is not cancelled');
  redis.disconnect();
  return times;
}
