import { ProblemError } from '@almanac/domain';
import type { ProxiedRequest } from './proxied-request.ts';

/** The progress of a request at the last check. */
interface Mark {
  waits: 'body' | 'reader' | 'no';
  bytes: number;
  /** by performance.now(), because a change of the system clock must not end a request */
  since: number;
}

export interface StallLimits {
  /** bytes per second, on average over the window; 0: no limit */
  bytesPerSecond: number;
  /** the window for a body; responses have four times this, because the operating system buffers megabytes for a slow reader */
  stallMs: number;
}

/**
 * Ends requests whose body arrives too slowly and responses that are read too slowly. While another request needs the connection to the
 * service (`ConnectionPool.isWantedFrom`), the window is shorter: a tenth for a body, a quarter for a response. One timer checks all
 * requests; there is no work per chunk.
 */
export class StallWatch {
  /** ended requests, by reason */
  readonly ended = { body: 0, reader: 0 };
  readonly #limits: StallLimits;
  readonly #watched = new Map<ProxiedRequest, Mark>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: StallLimits) {
    this.#limits = limits;
    this.#timer = setInterval(() => this.#check(), Math.min(1000, limits.stallMs / 30)).unref();
  }

  add(proxied: ProxiedRequest): void {
    this.#watched.set(proxied, { waits: 'no', bytes: 0, since: 0 });
    proxied.response.once('close', () => this.#watched.delete(proxied));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    if (this.#limits.bytesPerSecond === 0) return;
    const now = performance.now();
    for (const [proxied, mark] of this.#watched) {
      const waits = waitsForClient(proxied);
      if (waits === 'no' || waits !== mark.waits) Object.assign(mark, { waits, bytes: progressOf(proxied, waits), since: now });
      else this.#measure(proxied, mark, waits, now);
    }
  }

  #measure(proxied: ProxiedRequest, mark: Mark, waits: 'body' | 'reader', now: number): void {
    const { bytesPerSecond, stallMs } = this.#limits;
    const fullMs = waits === 'body' ? stallMs : 4 * stallMs;
    const isWanted = proxied.holds?.isWantedFrom(proxied.client) === true;
    const windowMs = isWanted ? fullMs / (waits === 'body' ? 10 : 4) : fullMs;
    const bytes = progressOf(proxied, waits);
    const progress = bytes - mark.bytes;
    const passedMs = now - mark.since;
    if (progress * 1000 >= bytesPerSecond * fullMs || (passedMs >= fullMs && progress * 1000 >= bytesPerSecond * passedMs))
      Object.assign(mark, { bytes, since: now });
    else if (passedMs >= windowMs && progress * 1000 < bytesPerSecond * passedMs) this.#end(proxied, waits, progress, passedMs);
  }

  #end(proxied: ProxiedRequest, waits: 'body' | 'reader', progress: number, passedMs: number): void {
    this.#watched.delete(proxied);
    this.ended[waits]++;
    if (waits === 'reader') {
      proxied.response.destroy();
      return;
    }
    proxied.response.shouldKeepAlive = false;
    // Frees the connection to the service; the client's connection stays open for a while, so that it can read the response.
    proxied.abort?.();
    const { bytesPerSecond } = this.#limits;
    const detail = `The body arrived too slowly: ${progress.toLocaleString('en')} bytes in the last ${(passedMs / 1000).toFixed(1)} s; at least ${bytesPerSecond.toLocaleString('en')} bytes per second are required. The request was aborted. Retry over a faster connection.`;
    const extra = { limit: bytesPerSecond, value: Math.round((progress * 1000) / passedMs), unit: 'bytes' };
    proxied.fail(new ProblemError('request-timeout', detail, { extra }));
  }
}

/** The bytes that the client has sent or read on its connection. Bytes that Node still buffers are not read yet. */
function progressOf({ request: { socket } }: ProxiedRequest, waits: 'body' | 'reader' | 'no'): number {
  if (waits === 'no') return 0;
  return waits === 'body' ? socket.bytesRead : socket.bytesWritten - socket.writableLength;
}

/** Which action of the client the gateway waits for. If the buffer is full, the service is slow and not the client. */
function waitsForClient({ request, response }: ProxiedRequest): 'body' | 'reader' | 'no' {
  if (response.writableNeedDrain) return 'reader';
  return request.complete || request.readableLength > 0 || response.headersSent ? 'no' : 'body';
}
