import { type Limit, limitExceeded, type ProblemError } from '@almanac/domain';

/** A number of places for requests that stay long, for one service process. */
export class Slots {
  readonly #limit: Limit;
  readonly #what: string;
  #used = 0;

  /** `what`: what there are too many of, as the beginning of a sentence. */
  constructor(limit: Limit, what: string) {
    this.#limit = limit;
    this.#what = what;
  }

  get used(): number {
    return this.#used;
  }

  /** Takes a place; the function it returns gives it back, once. Undefined if none is free. */
  tryTake(): (() => void) | undefined {
    if (this.#used >= this.#limit.value) return undefined;
    this.#used++;
    let isTaken = true;
    return () => {
      if (isTaken) this.#used--;
      isTaken = false;
    };
  }

  /** The same; throws ProblemError 503 with Retry-After if none is free. */
  take(): () => void {
    const give = this.tryTake();
    if (give === undefined) throw this.#refusal();
    return give;
  }

  #refusal(): ProblemError {
    const problem = limitExceeded('unavailable', this.#limit, this.#used + 1, { detail: this.#what, advice: 'Retry shortly.' });
    problem.headers['retry-after'] = '5';
    return problem;
  }
}
