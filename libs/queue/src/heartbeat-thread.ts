// The program of ThreadedHeartbeat's thread: sends heartbeats for a worker while the event loop of the main thread runs.
import { parentPort, workerData } from 'node:worker_threads';
import { Redis } from 'ioredis';
import { queueConnectionOptions } from './connection.ts';
import { queueKeys } from './keys.ts';
import { SettlingConnection } from './settling-connection.ts';
import type { HeartbeatSettings } from './threaded-heartbeat.ts';

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

function isMainThreadRunning(): boolean {
  const tick = Atomics.load(ticks, 0);
  if (tick !== last.tick) last = { tick, at: performance.now() };
  return performance.now() - last.at < maxStallMs;
}

setInterval(() => {
  const isRunning = isMainThreadRunning();
  // The reply does not matter here: the main thread gets it with its own heartbeats. A lost heartbeat is followed by the next.
  if (worker !== undefined && isRunning) connection.run('beat', [worker, '']).catch(() => {});
}, everyMs);
