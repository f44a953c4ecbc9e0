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
}

/**
 * Beats for a worker on a thread and a connection of its own, so that a handler may keep the main thread busy. Whether that ever comes
 * back nobody can tell from outside, so it beats only while the main thread has gone round within `maxStallMs`.
 */
export class Heartbeat {
  /** Resolves when it can beat; nobody should take a job before. Also when it never will: then the main thread beats alone. */
  readonly ready: Promise<void>;
  readonly #thread: Thread;
  readonly #ticks = new Int32Array(new SharedArrayBuffer(4));
  readonly #timer: NodeJS.Timeout;

  constructor({ redis, onError, ...settings }: HeartbeatOptions) {
    const workerData: HeartbeatSettings = { ...settings, address: addressOf(redis), ticks: this.#ticks.buffer as SharedArrayBuffer };
    const file = new URL(`./heartbeat-thread${extname(import.meta.url)}`, import.meta.url);
    this.#thread = new Thread(file, { workerData, resourceLimits: { maxOldGenerationSizeMb: 64 } });
    this.#thread.on('error', onError);
    this.ready = new Promise((resolve) => {
      this.#thread
        .once('message', resolve)
        .once('error', () => resolve())
        .once('exit', () => resolve());
    });
    this.#thread.unref();
    this.#timer = setInterval(() => Atomics.add(this.#ticks, 0, 1), settings.everyMs);
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

/** Of a connection's options those that say where to and as whom, and can be sent to a thread: functions cannot. */
function addressOf({ options }: Redis): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => isSendable(value)));
}

function isSendable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
