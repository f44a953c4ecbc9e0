import type { IncomingMessage } from 'node:http';
import { ProblemError } from '@almanac/domain';
import type { Call } from '../call.ts';

/** Ends requests whose body stalls and answers nobody reads. One timer looks at all of them; nothing is done per chunk. */
export class StallWatch {
  readonly #stallMs: number;
  readonly #watched = new Map<Call, { bytes: number; since: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(stallMs: number) {
    this.#stallMs = stallMs;
    this.#timer = setInterval(() => this.#look(), Math.min(1000, stallMs / 10)).unref();
  }

  add(call: Call): void {
    this.#watched.set(call, { bytes: -1, since: 0 });
    call.answer.once('close', () => this.#watched.delete(call));
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = Date.now();
    for (const [call, seen] of this.#watched) {
      const bytes = call.request.socket.bytesRead + call.request.socket.bytesWritten;
      const waits = waitsForClient(call);
      if (bytes !== seen.bytes || waits === 'no') Object.assign(seen, { bytes, since: now });
      else if (waits === 'body' && now - seen.since >= this.#stallMs) this.#end(call);
      else if (waits === 'reader' && now - seen.since >= 4 * this.#stallMs) call.answer.destroy();
    }
  }

  #end(call: Call): void {
    this.#watched.delete(call);
    call.answer.shouldKeepAlive = false;
    call.fail(
      new ProblemError('request-timeout', `No byte of the body came for ${this.#stallMs / 1000} seconds; the request was given up.`),
    );
  }
}

/** Whose turn it is. A full buffer means that the service is slow, which is not the client's fault. */
function waitsForClient({ request, answer }: Call): 'body' | 'reader' | 'no' {
  if (answer.writableNeedDrain) return 'reader';
  return request.complete || request.readableLength > 0 || answer.headersSent ? 'no' : 'body';
}

/** Reads a small body whole. `done` is not called where the client goes away first. */
export function readWhole(request: IncomingMessage, length: number, done: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length)));
}

/**
 * What is left of a body whose answer has been given is read and thrown away, so that the client can finish sending and read the
 * answer; not for longer than this.
 */
const LINGER_MS = 10_000;

export function discardRest(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  request.once('close', () => clearTimeout(timer));
  // Whoever read it for the service waits for a chunk that is not for it any more.
  request.removeAllListeners('readable');
  process.nextTick(() => request.resume());
}
