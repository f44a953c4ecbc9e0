import { setTimeout as sleep } from 'node:timers/promises';
import { Observer } from '@almanac/hotqueue';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import { bullmq } from '../peers/bullmq.ts';
import { connect, ours, QUEUE } from '../queues/ours.ts';
import { Casualties, untilAllEnded } from '../queues/recovery.ts';
import type { Side } from '../queues/side.ts';
import { median, type Row } from '../table.ts';

const JOBS = 20_000;
const KILLS = 30;
const WORKERS = 4;
/** How long a job takes at most. */
const JOB_MS = 100;

/**
 * R1: workers and the store are killed under load. Every job is done all the same, each run checks that; how soon is what is measured.
 * BullMQ has its defaults: it finds a job again by the lock that ran out, looked at every 30 s.
 */
export async function recovery(): Promise<Row[]> {
  const store = await startTestRedis(['--appendonly', 'yes', '--appendfsync', 'everysec']);
  try {
    const told = await killed(store, ours, { jobs: JOBS, kills: KILLS, isTold: true });
    const untold = await killed(store, ours, { jobs: 4000, kills: 3, isTold: false });
    const theirs = await killed(store, bullmq, { jobs: 4000, kills: 3, isTold: false });
    const back = await storeKilled(store);
    const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
    return [
      {
        id: 'R1',
        what: `${KILLS} workers killed during ${JOBS.toLocaleString('en')} jobs: lost; begun again`,
        ours: `${JOBS - told.jobs}; ${told.begun - told.jobs}`,
        peer: '0: the limit; -',
      },
      {
        id: 'R1',
        what: `a killed worker's job runs again, its parent reports its death, the last of ${told.gaps.length}`,
        ours: `${Math.max(...told.gaps).toFixed(0)} ms (half of them within ${median(told.gaps).toFixed(0)})`,
        peer: '500 ms: the limit',
        ratio: Math.max(...told.gaps) / 500,
        want: '<= 1x of the limit',
      },
      {
        id: 'R1',
        what: `a killed worker's job runs again, without a report, the last of ${untold.gaps.length}`,
        ours: seconds(Math.max(...untold.gaps)),
        peer: '12 s: the limit',
        ratio: Math.max(...untold.gaps) / 12_000,
        want: '<= 1x of the limit',
      },
      {
        id: 'R1',
        what: `a killed worker's job runs again, without a report, p50`,
        ours: seconds(median(untold.gaps)),
        peer: `${seconds(median(theirs.gaps))}: BullMQ, which looks every 30 s`,
        ratio: median(untold.gaps) / median(theirs.gaps),
      },
      {
        id: 'R1',
        what: `a job begins after the store was killed and is back, the last of ${back.length}`,
        ours: `${Math.max(...back).toFixed(0)} ms (half of them within ${median(back).toFixed(0)})`,
        peer: '1 s: the limit',
        ratio: Math.max(...back) / 1000,
        want: '<= 1x of the limit',
      },
    ];
  } finally {
    await store.end();
  }
}

interface Plan {
  jobs: number;
  kills: number;
  /** true if the parent reports a dead worker */
  isTold: boolean;
}

/** Throws where a job is lost, or stuck, or something of it is left over. */
async function killed(store: TestRedis, side: Side, { jobs, kills, isTold }: Plan): Promise<Casualties> {
  const open = await side.open(store);
  const redis = await connect(store);
  const observer = new Observer({ redis, queue: QUEUE });
  if (side === ours) observer.start();
  await open.fill(jobs, 250);
  const casualties = new Casualties(side, store, WORKERS, JOB_MS);
  try {
    await casualties.allWork();
    for (let i = 0; i < kills; i++) {
      const name = await casualties.kill(i);
      if (isTold && name !== undefined) await observer.reapNow(name);
      await sleep(300);
    }
    await untilAllEnded(open, jobs, 180_000);
    return casualties;
  } finally {
    casualties.end();
    observer.stop();
    redis.disconnect();
    await open.close();
  }
}

/** Milliseconds from the store's first reply to the first job that starts, for each time it is killed. */
async function storeKilled(store: TestRedis): Promise<number[]> {
  const open = await ours.open(store);
  await open.fill(JOBS, 250);
  const casualties = new Casualties(ours, store, WORKERS, JOB_MS);
  const gaps: number[] = [];
  try {
    await casualties.allWork();
    for (let i = 0; i < 5; i++) {
      await store.kill();
      await sleep(500);
      const before = casualties.begun;
      await store.start();
      const back = performance.now();
      gaps.push(Math.max(0, (await casualties.whenBegun(before + 1)) - back));
      await sleep(300);
    }
    await untilAllEnded(open, JOBS, 60_000);
    return gaps;
  } finally {
    casualties.end();
    await open.close();
  }
}
