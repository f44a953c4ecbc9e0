// A producer in a process of its own: puts jobs of all kinds, each until it is accepted, and cancels some. On 'stop' it puts no new ones
// and ends when all it offered are accepted.
// Argument: ProducerSettings as JSON.

import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@almanac/testkit';
import { ReliableQueue } from '../../src/index.ts';
import { connect } from './connect.ts';
import { History } from './history.ts';
import { type ProducerSettings, plainTask, type Task } from './settings.ts';

const {
  port,
  queue: queueName,
  history: file,
  name,
  seed,
  rate,
  durability,
  isPlain,
  lostAfterMs,
} = JSON.parse(process.argv[2] as string) as ProducerSettings;
const history = new History(file);
const random = new Random(seed);
const redis = connect(port);
const queue = new ReliableQueue(redis, queueName);

/** Jobs that wait, beyond which no more are put. */
const DEEP = 1000;

/** Asks until there is an answer: what a client does that must know. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch {
      await sleep(20);
    }
  }
}

interface Offer {
  id: string;
  task: Task;
  delayMs: number;
  hash: string;
  isUrgent: boolean;
  isCancelled: boolean;
}

function invent(n: number): Offer {
  const id = `${name}-${n}`;
  const task = { ...plainTask, ms: random.integer(0, 20) };
  if (isPlain) return { id, task, delayMs: 0, hash: '', isUrgent: false, isCancelled: false };
  const kind = random.next();
  const isRare = (least: number) => kind > least && kind < least + 1 / 3000;
  return {
    id,
    task: {
      ...task,
      failures: kind > 0.9 ? random.integer(1, 6) : 0,
      notes: kind < 0.1 ? 3 : 0,
      // F4: its process is blocked until it is taken for dead; F12: each worker that begins it dies
      blocks: isRare(0.8) ? 2 * lostAfterMs : 0,
      exits: isRare(0.85),
    },
    delayMs: kind > 0.4 && kind < 0.5 ? random.integer(1, 1500) : 0,
    hash: kind > 0.5 && kind < 0.7 ? `h${random.integer(0, 20)}` : '',
    isUrgent: kind > 0.7 && kind < 0.75,
    isCancelled: random.chance(0.08),
  };
}

async function offer({ id, task, delayMs, hash, isUrgent, isCancelled }: Offer): Promise<void> {
  history.write({ what: 'offered', id, producer: name, delayMs, hash, isUrgent });
  const { as, record } = await insist(async () => {
    const answer = await queue.enqueue(id, JSON.stringify(task), { delayMs, isUrgent, ...(hash === '' ? {} : { hash }) });
    if (durability !== 'memory' && (await queue.confirm(durability, 1000, [id])) !== durability) throw new Error('not safe yet');
    return answer;
  });
  history.write({ what: 'accepted', id, as, created: record.created });
  if (!isCancelled) return;
  await sleep(random.integer(0, 30));
  const state = (await insist(() => queue.cancel(id))) ?? 'gone';
  const [seconds, micros] = (await insist(() => redis.time())) as unknown as [string, string];
  history.write({ what: 'cancelled', id, state, server: Number(seconds) * 1000 + Math.floor(Number(micros) / 1000) });
}

let isStopping = false;
process.on('message', (word) => {
  isStopping ||= word === 'stop';
});
process.on('disconnect', () => process.exit(0));

// The first would be refused until there is a connection, and one offered meanwhile could be accepted before it.
await insist(() => redis.ping());
const pending = new Set<Promise<void>>();
for (let n = 0; !isStopping; n++) {
  const offered = offer(invent(n)).finally(() => pending.delete(offered));
  pending.add(offered);
  await sleep(1000 / rate);
  // A store that is away makes nobody remember without end, and workers that do not keep up find no end of work.
  while (pending.size > 200) await sleep(10);
  if (n % 50 === 0) while (!isStopping && (await insist(() => queue.depth())) > DEEP) await sleep(100);
}
await Promise.all(pending);
process.exit(0);
