import { extname } from 'node:path';
import { Worker as Thread } from 'node:worker_threads';
import type { Redis } from 'ioredis';

/** What the thread is started with. */
export interface HeartbeatSettings {
  /** connection options */
  address: Record<string, unknown>;
  queue: string;
  everyMs: number;
  maxStallMs: number;
  /** a number that the main thread increments while its event loop runs */
  ticks: SharedArrayBuffer;
}

interface ThreadedHeartbeatOptions extends Omit<HeartbeatSettings, 'address' | 'ticks'> {
  redis: Redis;
  onError(error: unknown): void;
  /** the thread is not connected, though the main thread has been for several heartbeats */
  onLate(): void;
}

/** The thread may take this many heartbeats of a connected main thread to connect, too. */
const READY_WITHIN_BEATS = 10;

/**
 * Sends heartbeats from a thread with a connection of its own, so that a handler may block the main thread. The thread cannot know whether
 * a blocked main thread will ever continue, so it stops if the main thread has been blocked for longer than `maxStallMs`.
 */
export class ThreadedHeartbeat {
  /**
   * Resolves when the thread can send heartbeats; the worker must not take a job before. It also resolves if the thread failed or is late:
   * then only the main thread sends heartbeats.
   */
  readonly ready: Promise<void>;
  readonly #thread: Thread;
  readonly #ticks = new Int32Array(new SharedArrayBuffer(4));
  readonly #timer: NodeJS.Timeout;

  constructor({ redis, onError, onLate, ...settings }: ThreadedHeartbeatOptions) {
    const workerData: HeartbeatSettings = {
      ...settings,
      address: addressOf(redis.options),
      ticks: this.#ticks.buffer as SharedArrayBuffer,
    };
    const file = new URL(`./heartbeat-thread${extname(import.meta.url)}`, import.meta.url);
    this.#thread = new Thread(file, { workerData, resourceLimits: { maxOldGenerationSizeMb: 64 } });
    this.#thread.on('error', onError);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    let isDecided = false;
    const decide = () => {
      isDecided = true;
      resolve();
    };
    for (const event of ['message', 'error', 'exit']) this.#thread.once(event, decide);
    this.#thread.unref();
    let beats = 0;
    this.#timer = setInterval(() => {
      Atomics.add(this.#ticks, 0, 1);
      // If the store is unavailable to the main thread too, the thread is not late.
      if (isDecided || redis.status !== 'ready' || ++beats < READY_WITHIN_BEATS) return;
      onLate();
      decide();
    }, settings.everyMs);
    this.#timer.unref();
  }

  /** Sends heartbeats for this worker id from now on; for none if undefined. */
  beatFor(worker: string | undefined): void {
    this.#thread.postMessage(worker);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#thread.terminate();
  }
}

/** The connection options that can be sent to a thread, at any depth. Functions cannot. */
export const addressOf = (options: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options)
      .map(([name, value]) => [name, isPlainObject(value) ? addressOf(value) : value] as const)
      .filter(([, value]) => isCloneable(value)),
  );

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
