import { type Limit, limitExceeded, type ProblemError } from '@almanac/domain';
import { FairShare } from '@almanac/service';

/** Places for long requests in one service process. Callers share them: none holds more than are still free. */
export class Slots {
  readonly #limit: Limit;
  readonly #what: string;
  readonly #share: FairShare;

  /** `what`: the beginning of the sentence that refuses a request. */
  constructor(limit: Limit, what: string) {
    this.#limit = limit;
    this.#what = what;
    this.#share = new FairShare(limit.value);
  }

  get used(): number {
    return this.#share.used;
  }

  /** Takes a place and returns the function that releases it. Undefined if none is free for this caller. */
  tryTake(caller: string): (() => void) | undefined {
    if (!this.#share.take(caller)) return undefined;
    let isTaken = true;
    return () => {
      if (isTaken) this.#share.release(caller);
      isTaken = false;
    };
  }

  /** The same, but throws ProblemError 503 with Retry-After if none is free. */
  take(caller: string): () => void {
    const give = this.tryTake(caller);
    if (give === undefined) throw this.#refusal(caller);
    return give;
  }

  /** Names the limit that was reached: the caller's share, or that of all callers. */
  #refusal(caller: string): ProblemError {
    const isShare = this.#share.free > 0;
    const held = isShare ? this.#share.heldBy(caller) : this.used;
    const problem = limitExceeded('unavailable', isShare ? { ...this.#limit, value: held } : this.#limit, held + 1, {
      detail: isShare ? `${this.#what} for one caller` : this.#what,
      advice: 'Retry shortly.',
    });
    problem.headers['retry-after'] = '5';
    return problem;
  }
}
