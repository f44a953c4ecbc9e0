/** No reply will come: the connection closed, or the time is up. It is unknown whether the call was executed. */
export class LostReply extends Error {
  /** the time is up, and the connection did not close: other connections to the server may be dead too */
  readonly isSilence: boolean;

  constructor(reason: string, isSilence = false) {
    super(`the reply was lost: ${reason}`);
    this.name = 'LostReply';
    this.isSilence = isSilence;
  }
}

/** If a timer is this late, the process was blocked: replies that arrived meanwhile get this long to be read. */
const LATE_MS = 50;
const READ_MS = 250;

/** A call that waits for its reply. */
interface Waiting {
  dueMs: number;
  withinMs: number;
  fail(error: LostReply): void;
}

/**
 * Watches the calls on a connection: each settles by its reply, or fails if its time is up or the connection closed. One timer serves all
 * calls: most settle at once, and a timer for each would cost more than all the rest.
 */
export class Watchdog {
  readonly #waiting = new Set<Waiting>();
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;
  /** the time is up, but replies that came while this process was blocked are being read */
  #isReading = false;

  /** @param onSilence called if a call's time is up: the connection cannot be trusted any more */
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
    this.#timer = setTimeout(() => this.#check(), Math.max(1, Math.ceil(dueMs - performance.now())));
    // The connection keeps the process alive as long as something may come over it.
    this.#timer.unref();
  }

  #check(): void {
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
      waiting.fail(new LostReply(`no reply within ${waiting.withinMs} ms`, true));
    }
    if (isSilent) this.#onSilence();
    if (next < this.#timerDueMs) this.#setTimer(next);
  }
}
