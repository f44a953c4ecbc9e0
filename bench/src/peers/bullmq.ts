import { Queue, Worker } from 'bullmq';
import { must, type OpenSide, payloadOf, type Side, type StoreAddress, signal, type Working } from '../queues/side.ts';

const QUEUE = 'bench';
const connection = (store: StoreAddress) => ({ host: '127.0.0.1', port: store.port, db: 1, maxRetriesPerRequest: null });

/** BullMQ with its defaults. */
export const bullmq: Side = {
  name: 'BullMQ',
  work,
  async open(store): Promise<OpenSide> {
    await store.connect(1).flushdb();
    const queue = new Queue(QUEUE, { connection: connection(store) });
    await queue.waitUntilReady();
    return {
      async fill(count, batch) {
        for (let from = 0; from < count; from += batch) {
          await queue.addBulk(
            Array.from({ length: Math.min(batch, count - from) }, (_, i) => ({ name: 'job', data: payloadOf(from + i) })),
          );
        }
      },
      add: (job, delay) => queue.add('job', payloadOf(job), delay === undefined ? {} : { delay }),
      work: (concurrency, handle) => work(store, concurrency, handle),
      async check(complete, waiting) {
        const counts = await queue.getJobCounts();
        const isRight = counts.completed === complete && counts.waiting === waiting && counts.active === 0 && counts.failed === 0;
        must(isRight, JSON.stringify(counts));
      },
      close: () => queue.close(),
    };
  },
};

async function work(store: StoreAddress, concurrency: number, handle: (job: number) => unknown): Promise<Working> {
  let expected = Number.POSITIVE_INFINITY;
  let completed = 0;
  const all = signal();
  const process = async ({ data }: { data: { job: number } }) => {
    await handle(data.job);
    return {};
  };
  const worker = new Worker(QUEUE, process, { connection: connection(store), concurrency, autorun: false });
  worker.on('completed', () => {
    if (++completed >= expected) all.say();
  });
  worker.on('error', () => {});
  await worker.waitUntilReady();
  return {
    start: () => void worker.run(),
    async ended(count) {
      expected = count;
      if (completed < count) await all.heard;
    },
    stop: () => worker.close(),
  };
}
