import { limitExceeded, ProblemError, readLimits } from '@almanac/domain';
import type { ReadCopy } from '@almanac/store';
import { Turn } from './turn.ts';

const { searches, searchQueue, searchWaitMs, searchCpuMs } = readLimits;

interface Waiter {
  start(): void;
}

/** One search: a turn that counts the processor time it took. Throws 400 when that is more than one search may take. */
export class Search extends Turn {
  readonly #limitMs: number;
  #spentMs = 0;
  #since = threadMs();

  constructor(limitMs: number) {
    super();
    this.#limitMs = limitMs;
  }

  override async pass(): Promise<void> {
    this.#spentMs += threadMs() - this.#since;
    if (this.#spentMs > this.#limitMs) throw tooLong(this.#limitMs, this.#spentMs);
    await super.pass();
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

/**
 * Lets only a few searches run at once: each takes its turns, and more of them would slow every other request down. Others wait in order
 * for a few seconds, then get 503 with Retry-After.
 */
export class Searches {
  readonly #limits: SearchLimits;
  readonly #waiting: Waiter[] = [];
  #running = 0;

  constructor(limits: Partial<SearchLimits> = {}) {
    this.#limits = { atOnce: searches.value, waiting: searchQueue.value, waitMs: searchWaitMs.value, cpuMs: searchCpuMs.value, ...limits };
  }

  /** Runs the work when it is its turn. The copy it reads counts as held until then and while it runs. */
  async run<T>(copy: ReadCopy, work: (search: Search) => Promise<T>): Promise<T> {
    copy.retain();
    try {
      return await this.#inTurn(work);
    } finally {
      copy.release();
    }
  }

  async #inTurn<T>(work: (search: Search) => Promise<T>): Promise<T> {
    if (this.#running >= this.#limits.atOnce) await this.#wait();
    else this.#running++;
    try {
      return await work(new Search(this.#limits.cpuMs));
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next.start();
    }
  }

  /** Resolves when the place of a search that ended is handed on. */
  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#limits.waiting) throw busy();
    return new Promise((resolve, reject) => {
      const waiter = {
        start: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(busy());
      }, this.#limits.waitMs);
      this.#waiting.push(waiter);
    });
  }
}

const busy = () =>
  new ProblemError('unavailable', `Too many searches wait in this service (${searches.value} run at once); retry shortly.`, {
    headers: { 'retry-after': '2' },
  });

const tooLong = (limitMs: number, spentMs: number) =>
  limitExceeded('bad-request', { ...searchCpuMs, value: limitMs }, Math.round(spentMs), {
    detail: 'This search takes more processor time than one search may',
    advice: 'Load a smaller data set, or download it and search there.',
  });
