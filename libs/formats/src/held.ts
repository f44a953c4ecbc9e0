import { loadLimits, ProblemError, withUnit } from '@almanac/domain';

const WAIT_MS = 5000;

interface Waiter {
  bytes: number;
  resolve: () => void;
}

let held = 0;
const waiting: Waiter[] = [];

/** The bytes that one load holds while it waits for the rest of its source. All loads of the process share one limit. */
export class HeldBytes {
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Sets the bytes of this load. Waits for other loads if there is no room. Throws 503 after some seconds. */
  async set(bytes: number): Promise<void> {
    const more = bytes - this.#bytes;
    if (more > 0 && (waiting.length > 0 || held + more > loadLimits.heldBytes.value)) await room(more);
    else held += more;
    this.#bytes = bytes;
    if (more < 0) admitWaiting();
  }

  release(): void {
    held -= this.#bytes;
    this.#bytes = 0;
    admitWaiting();
  }
}

function room(bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(waiter), 1);
      admitWaiting();
      reject(tooMuchHeld());
    }, WAIT_MS);
    const waiter: Waiter = {
      bytes,
      resolve: () => {
        clearTimeout(timer);
        resolve();
      },
    };
    waiting.push(waiter);
  });
}

function admitWaiting(): void {
  for (let first = waiting[0]; first !== undefined && held + first.bytes <= loadLimits.heldBytes.value; first = waiting[0]) {
    waiting.shift();
    held += first.bytes;
    first.resolve();
  }
}

function tooMuchHeld(): ProblemError {
  const { value: limit, unit } = loadLimits.heldBytes;
  const detail = `Other loads hold ${withUnit(held, unit)} of bodies and unfinished records, the limit is ${withUnit(limit, unit)}. Retry in a few seconds.`;
  return new ProblemError('unavailable', detail, { headers: { 'retry-after': '5' }, extra: { limit, value: held, unit } });
}
