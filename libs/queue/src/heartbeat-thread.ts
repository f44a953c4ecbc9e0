// The thread of Heartbeat: beats for the worker it is told of, while the main thread goes round.
import { parentPort, workerData } from 'node:worker_threads';
import { Redis } from 'ioredis';
import { queueConnectionOptions } from './connection.ts';
import type { HeartbeatSettings } from './heartbeat.ts';
import { queueKeys } from './keys.ts';
import { SettlingConnection } from './settling-connection.ts';

const { address, queue, everyMs, maxStallMs, ticks: shared } = workerData as HeartbeatSettings;
const redis = new Redis({ ...address, ...queueConnectionOptions, lazyConnect: false });
redis.on('error', () => {});
const connection = new SettlingConnection(redis, queueKeys(queue));
const ticks = new Int32Array(shared);
redis.once('ready', () => parentPort?.postMessage('ready'));
let worker: string | undefined;
let last = { tick: -1, at: performance.now() };

parentPort?.on('message', (name: string | undefined) => {
  worker = name;
});

function isGoingRound(): boolean {
  const tick = Atomics.load(ticks, 0);
  if (tick !== last.tick) last = { tick, at: performance.now() };
  return performance.now() - last.at < maxStallMs;
}

setInterval(() => {
  const going = isGoingRound();
  // What the store answers is the main thread's to know, by its own beats; a beat that is lost is followed by the next.
  if (worker !== undefined && going) connection.run('beat', [worker, '']).catch(() => {});
}, everyMs);
