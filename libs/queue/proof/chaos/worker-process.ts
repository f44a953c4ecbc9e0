// A worker in a process of its own, that writes down what its handlers do and what the store confirms of it.
// Argument: WorkerSettings as JSON.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { type HeldJob, JobCancelled, type JobEnd, silent, Worker } from '../../src/index.ts';
import { scripts } from '../../src/scripts.ts';
import { connect } from './connect.ts';
import { History } from './history.ts';
import type { Task, WorkerSettings } from './settings.ts';

const settings = JSON.parse(process.argv[2] as string) as WorkerSettings;
const history = new History(settings.history);
const retry = { attempts: 5, baseMs: 30, capMs: 300 };

/** Writes down which ends the cycle's reply confirmed: all that it was sent but those it calls stale. */
function listening(redis: Redis): Redis {
  const evalsha = redis.evalsha.bind(redis) as (...words: (string | number)[]) => Promise<unknown>;
  redis.evalsha = (async (...words: (string | number)[]) => {
    const reply = await evalsha(...words);
    if (words[0] === scripts.cycle.sha) confirm(words.slice(9).map(String), reply as [string, number, number, ...string[]]);
    return reply;
  }) as typeof redis.evalsha;
  return redis;
}

function confirm(ends: readonly string[], [status, , stale, ...rest]: [string, number, number, ...string[]]): void {
  if (status === 'FENCED') return;
  const refused = new Set(rest.slice(0, stale));
  for (let i = 0; i < ends.length; i += 5) {
    const [id, token, outcome] = ends.slice(i) as [string, string, string];
    if (!refused.has(id)) history.write({ what: 'confirmed', id, token, outcome });
  }
}

async function handle({ id, token, payload, record, attempt, signal, progress }: HeldJob): Promise<JobEnd> {
  history.write({ what: 'started', id, token, started: record.started as number });
  const { ms, failures, notes, blocks, exits } = JSON.parse(payload) as Task;
  if (exits) process.kill(process.pid, 'SIGKILL');
  for (const end = performance.now() + (attempt === 1 ? blocks : 0); performance.now() < end; );
  for (let i = 1; i <= notes; i++) {
    await sleep(ms / notes, undefined, { signal }).catch(() => {});
    await progress((100 * i) / (notes + 1), 'work').catch(() => {});
  }
  if (notes === 0) await sleep(ms, undefined, { signal }).catch(() => {});
  const fails = attempt <= failures;
  const given = fails ? (attempt >= retry.attempts ? 'f' : 'r') : 's';
  history.write({ what: 'ended', id, token, outcome: signal.reason instanceof JobCancelled ? 'c' : given });
  const note = JSON.stringify({ token });
  return fails ? { state: 'retry', note, reason: 'was told to' } : { state: 'complete', note };
}

const worker = new Worker({
  redis: listening(connect(settings.port)),
  blocking: listening(connect(settings.port)),
  queue: settings.queue,
  logger: silent,
  concurrency: settings.concurrency,
  lostAfterMs: settings.lostAfterMs,
  reuseForMs: settings.reuseForMs,
  blockSeconds: 1,
  retry,
  handle,
}).start();

let name: string | undefined;
setInterval(() => {
  if (worker.name !== name) process.send?.({ name: worker.name });
  name = worker.name;
}, 20);
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => void worker.stop(5000).then(() => process.exit(0)));
