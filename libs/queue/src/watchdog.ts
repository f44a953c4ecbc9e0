/** The reply will not come: the socket closed, or the time was up. Whether the call was executed is not known. */
export class LostReply extends Error {
  /** nothing came, and nobody said that nothing would: what else goes the same way may be as dead */
  readonly isSilence: boolean;

  constructor(reason: string, isSilence = false) {
    super(`the reply was lost: ${reason}`);
    this.name = 'LostReply';
    this.isSilence = isSilence;
  }
}

/** A timer this late means that this process stood still: what arrived meanwhile lies unread, and is given this long to be read. */
const LATE_MS = 50;
const READ_MS = 250;

/** A call that waits for its reply. */
interface Waiting {
  dueMs: number;
  withinMs: number;
  fail(error: LostReply): void;
}

/**
 * Watches the calls on a connection: each settles by its reply, or is failed when its time is up or the connection has closed. One timer
 * watches all of them, for most calls settle at once and a timer for each would cost more than the rest of the watching.
 */
export class Watchdog {
  readonly #waiting = new Set<Waiting>();
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;
  /** the time is up, but what came while this process stood still is being read */
  #isReading = false;

  /** @param onSilence a call's time is up: the connection is not to be trusted any more */
  constructor(onSilence: () => void) {
    this.#onSilence = onSilence;
  }

  expect(withinMs: number, fail: (error: LostReply) => void): Waiting {
    const waiting = { dueMs: performance.now() + withinMs, withinMs, fail };
    this.#waiting.add(waiting);
    if (waiting.dueMs < this.#timerDueMs) this.#setTimer(waiting.dueMs);
    return waiting;
  }

  settled(waiting: Waiting): void {
    this.#waiting.delete(waiting);
  }

  failAll(reason: string): void {
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const { fail } of all) fail(new LostReply(reason));
  }

  #setTimer(dueMs: number): void {
    clearTimeout(this.#timer);
    this.#timerDueMs = dueMs;
    this.#timer = setTimeout(() => this.#look(), Math.max(1, Math.ceil(dueMs - performance.now())));
    // The connection keeps the process alive as long as something may come over it.
    this.#timer.unref();
  }

  #look(): void {
    const now = performance.now();
    const lateMs = now - this.#timerDueMs;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
    this.#isReading = lateMs >= LATE_MS && !this.#isReading;
    if (this.#isReading) {
      this.#setTimer(now + READ_MS);
      return;
    }
    let [next, isSilent] = [Number.POSITIVE_INFINITY, false];
    for (const waiting of this.#waiting) {
      if (waiting.dueMs > now) {
        next = Math.min(next, waiting.dueMs);
        continue;
      }
      isSilent = true;
      this.#waiting.delete(waiting);
      waiting.fail(new LostReply(`nothing within ${waiting.withinMs} ms`, true));
    }
    if (isSilent) this.#onSilence();
    if (next < this.#timerDueMs) this.#setTimer(next);
  }
}
