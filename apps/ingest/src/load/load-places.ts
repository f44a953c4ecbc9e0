import { loadLimits, ProblemError, withUnit } from '@almanac/domain';

const WAIT_MS = 5000;

/** Bounds how many loads of this process run at once. The others wait some seconds, in order. */
export class LoadPlaces {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** Waits for a place and does the work. Throws 503 with Retry-After if none becomes free in time. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < loadLimits.loadsAtOnce.value) this.#running++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const next = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(next), 1);
        reject(tooManyLoads(this.#running + this.#waiting.length + 1));
      }, WAIT_MS);
      this.#waiting.push(next);
    });
  }
}

function tooManyLoads(value: number): ProblemError {
  const { value: limit, unit } = loadLimits.loadsAtOnce;
  return new ProblemError(
    'unavailable',
    `Too many loads run or wait here: ${withUnit(value, unit)}, the limit is ${withUnit(limit, unit)} at once. Retry in a few seconds.`,
    { headers: { 'retry-after': '5' }, extra: { limit, value, unit } },
  );
}
