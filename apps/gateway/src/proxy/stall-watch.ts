import { ProblemError } from '@almanac/domain';
import type { ProxiedRequest } from './proxied-request.ts';

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
  /** the window for a body. Responses have four times this: the operating system takes megabytes at once from a slow reader's response */
  stallMs: number;
}

/**
 * Ends requests whose body arrives too slowly and responses that are read too slowly. The window is shorter while the connection to the
 * service is wanted (`ConnectionPool.isWantedFrom`): a tenth for a body, a quarter for a response. One timer looks at all requests; nothing is done
 * per chunk.
 */
export class StallWatch {
  /** requests ended, by why */
  readonly ended = { body: 0, reader: 0 };
  readonly #limits: StallLimits;
  readonly #watched = new Map<ProxiedRequest, Mark>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: StallLimits) {
    this.#limits = limits;
    this.#timer = setInterval(() => this.#look(), Math.min(1000, limits.stallMs / 30)).unref();
  }

  add(proxied: ProxiedRequest): void {
    this.#watched.set(proxied, { waits: 'no', bytes: 0, since: 0 });
    proxied.response.once('close', () => this.#watched.delete(proxied));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#limits.bytesPerSecond === 0) return;
    const now = performance.now();
    for (const [proxied, mark] of this.#watched) {
      const waits = waitsForClient(proxied);
      if (waits === 'no' || waits !== mark.waits) Object.assign(mark, { waits, bytes: progressOf(proxied, waits), since: now });
      else this.#judge(proxied, mark, waits, now);
    }
  }

  #judge(proxied: ProxiedRequest, mark: Mark, waits: 'body' | 'reader', now: number): void {
    const { bytesPerSecond, stallMs } = this.#limits;
    const fullMs = waits === 'body' ? stallMs : 4 * stallMs;
    const isWanted = proxied.holds?.isWantedFrom(proxied.client) === true;
    const windowMs = isWanted ? fullMs / (waits === 'body' ? 10 : 4) : fullMs;
    const bytes = progressOf(proxied, waits);
    const came = bytes - mark.bytes;
    const passedMs = now - mark.since;
    if (came * 1000 >= bytesPerSecond * fullMs || (passedMs >= fullMs && came * 1000 >= bytesPerSecond * passedMs))
      Object.assign(mark, { bytes, since: now });
    else if (passedMs >= windowMs && came * 1000 < bytesPerSecond * passedMs) this.#end(proxied, waits, came, passedMs);
  }

  #end(proxied: ProxiedRequest, waits: 'body' | 'reader', came: number, passedMs: number): void {
    this.#watched.delete(proxied);
    this.ended[waits]++;
    if (waits === 'reader') {
      proxied.response.destroy();
      return;
    }
    proxied.response.shouldKeepAlive = false;
    // The connection to the service is free at once; the client's own stays open for a while, so that it can read the response.
    proxied.abort?.();
    const { bytesPerSecond } = this.#limits;
    const detail = `The body arrives too slowly: ${came.toLocaleString('en')} bytes in the last ${(passedMs / 1000).toFixed(1)} s; at least ${bytesPerSecond.toLocaleString('en')} bytes a second are required. The request was given up; send it again over a faster connection.`;
    const extra = { limit: bytesPerSecond, value: Math.round((came * 1000) / passedMs), unit: 'bytes' };
    proxied.fail(new ProblemError('request-timeout', detail, { extra }));
  }
}

/** Bytes that the client has sent, or has taken, on its connection. What Node holds for it is not taken yet. */
function progressOf({ request: { socket } }: ProxiedRequest, waits: 'body' | 'reader' | 'no'): number {
  if (waits === 'no') return 0;
  return waits === 'body' ? socket.bytesRead : socket.bytesWritten - socket.writableLength;
}

/** Whose turn it is. A full buffer means that the service is slow, which is not the client's fault. */
function waitsForClient({ request, response }: ProxiedRequest): 'body' | 'reader' | 'no' {
  if (response.writableNeedDrain) return 'reader';
  return request.complete || request.readableLength > 0 || response.headersSent ? 'no' : 'body';
}
