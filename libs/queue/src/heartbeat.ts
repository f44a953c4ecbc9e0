import { extname } from 'node:path';
import { Worker as Thread } from 'node:worker_threads';
import type { Redis } from 'ioredis';

/** What the thread is started with. */
export interface HeartbeatSettings {
  /** how it connects */
  address: Record<string, unknown>;
  queue: string;
  everyMs: number;
  maxStallMs: number;
  /** a number the main thread counts up while it goes round */
  ticks: SharedArrayBuffer;
}

interface HeartbeatOptions extends Omit<HeartbeatSettings, 'address' | 'ticks'> {
  redis: Redis;
  onError(error: unknown): void;
  /** the thread is not connected, though the main thread has been for several beats */
  onLate(): void;
}

/** Beats of a connected main thread that the thread may take to connect, too. */
const READY_WITHIN_BEATS = 10;

/**
 * Beats for a worker on a thread and a connection of its own, so that a handler may keep the main thread busy. Whether that ever comes
 * back nobody can tell from outside, so it beats only while the main thread has gone round within `maxStallMs`.
 */
export class Heartbeat {
  /** Resolves when it can beat; nobody should take a job before. Also when it never will, or is late: then the main thread beats alone. */
  readonly ready: Promise<void>;
  readonly #thread: Thread;
  readonly #ticks = new Int32Array(new SharedArrayBuffer(4));
  readonly #timer: NodeJS.Timeout;

  constructor({ redis, onError, onLate, ...settings }: HeartbeatOptions) {
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
      // While the store is away for the main thread too, there is nothing to tell.
      if (isDecided || redis.status !== 'ready' || ++beats < READY_WITHIN_BEATS) return;
      onLate();
      decide();
    }, settings.everyMs);
    this.#timer.unref();
  }

  /** The name to beat for from now on; none while there is none. */
  beatFor(worker: string | undefined): void {
    this.#thread.postMessage(worker);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#thread.terminate();
  }
}

/** Of a connection's options what can be sent to a thread, at any depth: functions cannot. */
export const addressOf = (options: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options)
      .map(([name, value]) => [name, isPlain(value) ? addressOf(value) : value] as const)
      .filter(([, value]) => isSendable(value)),
  );

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function isSendable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
