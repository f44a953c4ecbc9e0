import { limitExceeded, ProblemError, readLimits } from '@almanac/domain';
import { FairPlaces } from '@almanac/service';
import type { ReadCopy } from '@almanac/store';
import { TimeSlice } from './time-slice.ts';

const { searches, searchQueue, searchWaitMs, searchCpuMs } = readLimits;

/** One search: a time slice that counts the processor time. Throws 400 if it exceeds the limit of one search. */
export class Search extends TimeSlice {
  readonly #limitMs: number;
  #spentMs = 0;
  #since = threadMs();

  constructor(limitMs: number) {
    super();
    this.#limitMs = limitMs;
  }

  override async yield(): Promise<void> {
    this.#spentMs += threadMs() - this.#since;
    if (this.#spentMs > this.#limitMs) throw tooLong(this.#limitMs, this.#spentMs);
    await super.yield();
    this.#since = threadMs();
  }
}

/** Processor time of this thread so far, in milliseconds. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

export interface SearchLimits {
  atOnce: number;
  waiting: number;
  waitMs: number;
  cpuMs: number;
}

/** Runs searches of one caller. */
export interface SearchRunner {
  /** Runs the work when a place is free. The copy it reads counts as held while it waits and runs. */
  run<T>(copy: ReadCopy, work: (search: Search) => Promise<T>): Promise<T>;
}

/**
 * Lets only a few searches run at a time, because each more would slow every other request down. Clients share the places; further
 * searches wait for a few seconds, then get 503 with Retry-After.
 */
export class Searches {
  readonly #places: FairPlaces;
  readonly #cpuMs: number;

  constructor(limits: Partial<SearchLimits> = {}) {
    const { atOnce = searches.value, waiting = searchQueue.value, waitMs = searchWaitMs.value, cpuMs = searchCpuMs.value } = limits;
    this.#places = new FairPlaces({ places: atOnce, waiting, waitMs, busy });
    this.#cpuMs = cpuMs;
  }

  of(caller: string): SearchRunner {
    return {
      run: async (copy, work) => {
        copy.retain();
        try {
          return await this.#places.run(caller, () => work(new Search(this.#cpuMs)));
        } finally {
          copy.release();
        }
      },
    };
  }
}

const busy = () =>
  new ProblemError(
    'unavailable',
    `query is overloaded: its search queue is full (${searches.value} searches run at a time). Retry shortly.`,
    {
      headers: { 'retry-after': '2' },
    },
  );

const tooLong = (limitMs: number, spentMs: number) =>
  limitExceeded('bad-request', { ...searchCpuMs, value: limitMs }, Math.round(spentMs), {
    detail: 'The search took too much processor time',
    advice: 'Load a smaller data set, or download it and search it locally.',
  });
