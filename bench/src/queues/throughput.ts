import { CourseWorker } from '../peers/course-worker.ts';
import { cpuSeconds } from '../stack.ts';
import type { Row } from '../table.ts';
import { amount, type Bench, type Note, perSecond, type Scenario, sides, speed } from './bench.ts';
import { ours } from './ours.ts';
import { must, type OpenSide, type Side } from './side.ts';

export const add: Scenario = async (bench) => {
  const count = 3000;
  const course = CourseWorker.install();
  try {
    const figures = await bench.alternate(async (note) => {
      for (const side of sides) {
        await bench.on(side, async (open) => {
          note(side.name, await perSecond(count, () => inTurn(count, (job) => open.add(job))));
          await open.check(0, count);
        });
      }
      note('raw', await perSecond(count, () => inTurn(count, (job) => bench.raw.add(job))));
      await bench.on(ours, async (open) => {
        await open.fill(count, 250);
        note('alone', await drain(open, 1, count));
      });
      if (course === undefined) return;
      const { add, drain: drained } = course.measure(bench.store, 1000);
      note('course add', add);
      note('course drain', drained);
    });
    const rows = [
      speed('J2', 'add, one after the other', figures, 'ours', 'BullMQ', 'BullMQ', '>= 1.15x'),
      speed('J2', 'add, one after the other', figures, 'ours', 'raw', 'RPUSH through ioredis', '>= 0.65x'),
    ];
    if (course === undefined) return rows;
    return [
      ...rows,
      speed('J2', 'add, one after the other', figures, 'ours', 'course add', "the course's program in Python"),
      speed('J2', 'drain, 1 at a time', figures, 'alone', 'course drain', "the course's worker in Python"),
    ];
  } finally {
    course?.remove();
  }
};

export const inFlight: Scenario = async (bench) => {
  const count = 10_000;
  const figures = await bench.alternate(async (note) => {
    for (const side of sides) {
      await bench.on(side, async (open) => {
        note(side.name, await perSecond(count, () => atOnce(32, count, (job) => open.add(job))));
        await open.check(0, count);
      });
    }
  });
  return [speed('J2', 'add, 32 in flight', figures, 'ours', 'BullMQ', 'BullMQ', '>= 2x')];
};

export const bulk: Scenario = async (bench) => {
  const rows: Row[] = [];
  for (const batch of [50, 256]) {
    const count = 20_000;
    const figures = await bench.alternate(async (note) => {
      for (const side of sides) {
        await bench.on(side, async (open) => {
          note(side.name, await perSecond(count, () => open.fill(count, batch)));
          await open.check(0, count);
        });
      }
      note('raw', await perSecond(count, () => bench.raw.fill(count, batch)));
    });
    rows.push(
      speed('J2', `bulk add, batches of ${batch}`, figures, 'ours', 'BullMQ', 'BullMQ', '>= 4x'),
      speed('J2', `bulk add, batches of ${batch}`, figures, 'ours', 'raw', 'one RPUSH a batch through ioredis'),
    );
  }
  return rows;
};

export const drains: Scenario = async (bench) => {
  const rows: Row[] = [];
  for (const [concurrency, count, want] of [
    [100, 20_000, '>= 5x'],
    [10, 10_000, '>= 2x'],
    [1, 3000, '>= 1.3x'],
  ] as const) {
    const figures = await bench.alternate(async (note) => {
      for (const side of sides) await bench.on(side, (open) => measureDrain(bench, side, open, concurrency, count, note));
      if (concurrency > 1) return;
      await bench.raw.fill(count, 500);
      note('raw', await perSecond(count, () => bench.raw.drain(count)));
    });
    const what = `drain of no-ops, ${concurrency} at a time`;
    rows.push(speed('J2', what, figures, 'ours', 'BullMQ', 'BullMQ', want));
    if (concurrency === 1) rows.push(speed('J2', what, figures, 'ours', 'raw', 'BLMOVE + LREM through ioredis'));
    if (concurrency < 100) continue;
    rows.push(
      amount('-', "the store's CPU a job drained, 100 at a time", figures, 'cpu', 'us'),
      amount('-', 'memory of a queued job, 90 bytes of payload', figures, 'queued', 'B', '<= 500 B'),
      amount('-', 'memory of an ended job', figures, 'finished', 'B'),
    );
  }
  return rows;
};

async function measureDrain(bench: Bench, side: Side, open: OpenSide, concurrency: number, count: number, note: Note): Promise<void> {
  const empty = await bench.bytes();
  await open.fill(count, 250);
  note(`${side.name} queued`, ((await bench.bytes()) - empty) / count);
  const before = cpuSeconds(bench.store.pid);
  note(side.name, await drain(open, concurrency, count));
  note(`${side.name} cpu`, ((cpuSeconds(bench.store.pid) - before) * 1e6) / count);
  note(`${side.name} finished`, ((await bench.bytes()) - empty) / count);
}

/** Jobs a second, of jobs that wait; each is seen once, all are complete, and the list is empty. */
async function drain(open: OpenSide, concurrency: number, count: number): Promise<number> {
  const seen = new Uint8Array(count);
  const working = await open.work(concurrency, (job) => must(seen[job] !== undefined && seen[job]++ === 0, `job ${job} came twice`));
  const speed = await perSecond(count, async () => {
    working.start();
    await working.ended(count);
  });
  await working.stop();
  must(!seen.includes(0), 'a job never came');
  await open.check(count, 0);
  return speed;
}

async function inTurn(count: number, work: (job: number) => Promise<unknown>): Promise<void> {
  for (let job = 0; job < count; job++) await work(job);
}

/** Calls in flight at a time, as of many clients. */
async function atOnce(clients: number, count: number, work: (job: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const client = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: clients }, client));
}
