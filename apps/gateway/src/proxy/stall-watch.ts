import { ProblemError } from '@almanac/domain';
import type { Call } from './proxied-request.ts';

/** What one request was last seen at. */
interface Mark {
  waits: 'body' | 'reader' | 'no';
  bytes: number;
  /** performance.now(): a change of the system's clock must not end anything */
  since: number;
}

export interface StallLimits {
  /** bytes a second, on average over the window; 0: no bound */
  bytesPerSecond: number;
  /** the window for a body. Answers have four times this: the operating system takes megabytes at once from a slow reader's answer */
  stallMs: number;
}

/**
 * Ends requests whose body arrives too slowly and answers that are read too slowly. The window is shorter while the connection to the
 * service is wanted (`Pool.isWantedFrom`): a tenth for a body, a quarter for an answer. One timer looks at all requests; nothing is done
 * per chunk.
 */
export class StallWatch {
  /** requests ended, by why */
  readonly ended = { body: 0, reader: 0 };
  readonly #limits: StallLimits;
  readonly #watched = new Map<Call, Mark>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: StallLimits) {
    this.#limits = limits;
    this.#timer = setInterval(() => this.#look(), Math.min(1000, limits.stallMs / 30)).unref();
  }

  add(call: Call): void {
    this.#watched.set(call, { waits: 'no', bytes: 0, since: 0 });
    call.answer.once('close', () => this.#watched.delete(call));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#limits.bytesPerSecond === 0) return;
    const now = performance.now();
    for (const [call, mark] of this.#watched) {
      const waits = waitsForClient(call);
      if (waits === 'no' || waits !== mark.waits) Object.assign(mark, { waits, bytes: progressOf(call, waits), since: now });
      else this.#judge(call, mark, waits, now);
    }
  }

  #judge(call: Call, mark: Mark, waits: 'body' | 'reader', now: number): void {
    const { bytesPerSecond, stallMs } = this.#limits;
    const fullMs = waits === 'body' ? stallMs : 4 * stallMs;
    const isWanted = call.holds?.isWantedFrom(call.client) === true;
    const windowMs = isWanted ? fullMs / (waits === 'body' ? 10 : 4) : fullMs;
    const bytes = progressOf(call, waits);
    const came = bytes - mark.bytes;
    const passedMs = now - mark.since;
    if (came * 1000 >= bytesPerSecond * fullMs || (passedMs >= fullMs && came * 1000 >= bytesPerSecond * passedMs))
      Object.assign(mark, { bytes, since: now });
    else if (passedMs >= windowMs && came * 1000 < bytesPerSecond * passedMs) this.#end(call, waits, came, passedMs);
  }

  #end(call: Call, waits: 'body' | 'reader', came: number, passedMs: number): void {
    this.#watched.delete(call);
    this.ended[waits]++;
    if (waits === 'reader') {
      call.answer.destroy();
      return;
    }
    call.answer.shouldKeepAlive = false;
    // The connection to the service is free at once; the client's own stays open for a while, so that it can read the answer.
    call.abort?.();
    const { bytesPerSecond } = this.#limits;
    const detail = `The body arrives too slowly: ${came.toLocaleString('en')} bytes in the last ${(passedMs / 1000).toFixed(1)} s; at least ${bytesPerSecond.toLocaleString('en')} bytes a second are required. The request was given up; send it again over a faster connection.`;
    const extra = { limit: bytesPerSecond, value: Math.round((came * 1000) / passedMs), unit: 'bytes' };
    call.fail(new ProblemError('request-timeout', detail, { extra }));
  }
}

/** Bytes that the client has sent, or has taken, on its connection. What Node holds for it is not taken yet. */
function progressOf({ request: { socket } }: Call, waits: 'body' | 'reader' | 'no'): number {
  if (waits === 'no') return 0;
  return waits === 'body' ? socket.bytesRead : socket.bytesWritten - socket.writableLength;
}

/** Whose turn it is. A full buffer means that the service is slow, which is not the client's fault. */
function waitsForClient({ request, answer }: Call): 'body' | 'reader' | 'no' {
  if (answer.writableNeedDrain) return 'reader';
  return request.complete || request.readableLength > 0 || answer.headersSent ? 'no' : 'body';
}
