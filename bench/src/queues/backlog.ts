import { setTimeout as sleep } from 'node:timers/promises';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import { type Bench, delay, type Note, notePercentiles, perSecond, type Scenario, speed, usedBytes } from './bench.ts';
import { ours } from './ours.ts';
import { must, type OpenSide } from './side.ts';

const TAKEN = 300;
const DRAINED = 3000;

/** Numbers of jobs that wait in a store of their own. */
interface Backlog {
  depth: number;
  store: TestRedis;
  open: OpenSide;
  bytesPerJob: number;
  ended: number;
}

/**
 * What a long list costs. Each depth has a store of its own, which is filled once and again after each round by what was taken; the depths
 * have their turns in the same rounds, when all stores have come to rest: a store that rewrites its log, which a long list makes it do more
 * often, is busy with that, and slower for all.
 */
export const backlog: Scenario = async (bench) => {
  const depths = [1000, 10_000, 100_000, ...(bench.withMillion ? [1_000_000] : [])];
  const backlogs: Backlog[] = [];
  try {
    for (const depth of depths) backlogs.push(await fill(bench, depth));
    const figures = await bench.alternate(async (note) => {
      for (const one of backlogs) {
        for (const { store } of backlogs) await atRest(store);
        await measure(one, note);
      }
    });
    for (const { open, depth, ended } of backlogs) await open.check(ended, depth);
    return backlogs.slice(1).flatMap(({ depth, bytesPerJob }) => {
      const waiting = `${depth.toLocaleString('en')} waiting`;
      const next = `from one job to the next, ${waiting}`;
      const least = 'with 1,000 waiting';
      const latencies = [
        delay('-', `${next}, p50; ${bytesPerJob.toFixed(0)} B a job`, figures, `${depth} p50`, '1000 p50', least, '<= 1.2x'),
        delay('-', `${next}, p99`, figures, `${depth} p99`, '1000 p99', least),
      ];
      if (depth === 10_000) return latencies;
      const drained = speed('-', `drain, 100 at a time, ${waiting}`, figures, `${depth} drain`, '10000 drain', 'with 10,000 waiting');
      return [...latencies, drained];
    });
  } finally {
    for (const { open, store } of backlogs) {
      await open.close();
      await store.end();
    }
  }
};

async function fill({ storeOptions }: Bench, depth: number): Promise<Backlog> {
  const store = await startTestRedis(storeOptions);
  const open = await ours.open(store);
  const empty = await usedBytes(store);
  await open.fill(depth, 256);
  return { depth, store, open, bytesPerJob: ((await usedBytes(store)) - empty) / depth, ended: 0 };
}

async function measure(backlog: Backlog, note: Note): Promise<void> {
  const { depth, open } = backlog;
  const begun = await take(open, 1, TAKEN);
  notePercentiles(
    note,
    String(depth),
    begun.slice(1).map((time, i) => time - (begun[i] as number)),
  );
  let taken = begun.length;
  if (depth > 2 * DRAINED) {
    let drained: number[] = [];
    note(
      `${depth} drain`,
      await perSecond(DRAINED, async () => {
        drained = await take(open, 100, DRAINED);
      }),
    );
    taken += drained.length;
  }
  await open.fill(taken, 256);
  backlog.ended += taken;
}

/** The times at which at least this number of jobs started. */
async function take(open: OpenSide, concurrency: number, count: number): Promise<number[]> {
  const begun: number[] = [];
  const working = await open.work(concurrency, () => begun.push(performance.now()));
  working.start();
  await working.ended(count);
  await working.stop();
  must(begun.length >= count, `only ${begun.length} jobs of ${count}`);
  return begun;
}

async function atRest(store: TestRedis): Promise<void> {
  const redis = store.connect();
  while (/aof_rewrite_(in_progress|scheduled):1/.test(await redis.info('persistence'))) await sleep(100);
  redis.disconnect();
}
