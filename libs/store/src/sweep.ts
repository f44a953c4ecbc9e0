import { readLimits } from '@almanac/domain';
import type { ReadMemory } from './read-memory.ts';

/** How often copies are compared with the store. */
const SWEEP_MS = 5_000;
/** Sweeps between two checks for unused data, which is dropped at the second check that finds it idle. */
const SWEEPS_PER_AGE = Math.round(readLimits.idleMs.value / SWEEP_MS / 3);
/** Dropped bytes that are worth a garbage collection, and the share of a processor up to which a process counts as idle. */
const WORTH_COLLECTING = 8 << 20;
const IDLE_UTILIZATION = 0.2;

/**
 * Frees memory: copies that the store no longer has are dropped within seconds, unused data within a minute, and
 * the garbage is collected (an idle process allocates nothing, so V8 would leave it for ever). Runs only while something is cached.
 */
export class Sweep {
  readonly #memory: ReadMemory;
  readonly #dropOutdated: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #sweeps = 0;
  #dropped = 0;
  #since = performance.now();
  #cpu = process.threadCpuUsage();

  constructor(memory: ReadMemory, dropOutdated: () => Promise<void>) {
    this.#memory = memory;
    this.#dropOutdated = dropOutdated;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#run(), SWEEP_MS);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    // Without the store nothing is known to be outdated.
    await this.#dropOutdated().catch(() => {});
    if (++this.#sweeps % SWEEPS_PER_AGE === 0) this.#memory.age();
    this.#collect();
    this.#timer = undefined;
    if (!this.#memory.isEmpty || this.#dropped > 0) this.start();
  }

  #collect(): void {
    this.#dropped += this.#memory.takeDropped();
    const utilization = this.#utilization();
    if (this.#dropped < WORTH_COLLECTING && !this.#memory.isEmpty) return;
    if (utilization > IDLE_UTILIZATION) return; // a busy process collects by itself
    this.#dropped = 0;
    // Of this kind, because a plain collection keeps what it frees for itself: some 40 ms of processor time, and the memory is the system's.
    globalThis.gc?.({ type: 'major', flavor: 'last-resort', execution: 'sync' });
  }

  /** Share of a processor that this thread used since the last call. Not the event loop's: on a busy machine waiting counts as work there. */
  #utilization(): number {
    const { user, system } = process.threadCpuUsage(this.#cpu);
    const elapsedMs = performance.now() - this.#since;
    this.#since = performance.now();
    this.#cpu = process.threadCpuUsage();
    return (user + system) / 1000 / elapsedMs;
  }
}
