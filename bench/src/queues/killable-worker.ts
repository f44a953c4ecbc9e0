// A worker in a process of its own that can be killed. Arguments: whose queue, the store's address as JSON, how many jobs at a time, how
// long one takes at most (ms). Reports each started job to its parent.
import { setTimeout as sleep } from 'node:timers/promises';
import { bullmq } from '../peers/bullmq.ts';
import { ours } from './ours.ts';
import type { StoreAddress } from './side.ts';

/** What the parent hears: a job has begun. */
export interface Begun {
  job: number;
  /** what the queue calls this worker */
  worker: string | undefined;
}

const [whose, store, concurrency, mostMs] = process.argv.slice(2) as [string, string, string, string];
const side = [ours, bullmq].find(({ name }) => name === whose);
const working = await side?.work(JSON.parse(store) as StoreAddress, Number(concurrency), async (job) => {
  process.send?.({ job, worker: working?.name?.() } satisfies Begun);
  await sleep(Math.random() * Number(mostMs));
});
working?.start();
process.on('disconnect', () => process.exit());
