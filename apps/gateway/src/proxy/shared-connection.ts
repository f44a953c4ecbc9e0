import type { Socket } from 'node:net';
import type { Target } from './address.ts';
import type { Counts } from './counts.ts';
import type { HeldBytes } from './held-bytes.ts';
import { expiry, type Limits } from './limits.ts';
import type { ProxiedRequest } from './proxied-request.ts';
import { type ResponseHead, readResponseHead } from './response-head.ts';
import { mayBeResponse, quickLength, splitLines, statusOf } from './response-text.ts';
import type { Targets } from './targets.ts';

/** Why requests get no response: the connection broke, the service closed it, or a response broke the rules of quick routes. */
export type Returned = 'lost' | 'moved' | 'misuse';

/**
 * A connection to a service on which quick requests are pipelined (HTTP/1.1). All that arrive in one turn of the event loop are sent in one
 * write; the responses arrive in the order of the requests. Used only with Almanac's own services.
 *
 * A response is forwarded only if it has the id of the request whose turn it is, as every response of our services does. Anything else
 * (an error of the service's HTTP parser, a surplus response, a wrong order, other bytes) closes the connection, and every request that
 * waits on it is sent again on a connection of its own: all of them are GETs.
 */
export class SharedConnection {
  #socket: Socket | undefined;
  #target: Target | undefined;
  readonly #limits: Limits;
  readonly #counts: Counts;
  readonly #held: HeldBytes;
  readonly #giveBack: (requests: ProxiedRequest[], why: Returned) => void;
  readonly #expires: number;
  #uses = 0;
  /** requests sent or about to be sent, without a response yet, in order */
  #waiting: ProxiedRequest[] = [];
  /** the heads of the requests of this turn of the event loop, not yet written */
  #text = '';
  /** the start of an incomplete response */
  #rest: Buffer | undefined;
  #lastUse = performance.now();
  #lastRead = 0;
  /** takes no more requests; those that wait still get their responses */
  isSpent = false;
  #isBroken = false;

  constructor(
    targets: Targets,
    limits: Limits,
    counts: Counts,
    held: HeldBytes,
    giveBack: (requests: ProxiedRequest[], why: Returned) => void,
  ) {
    this.#limits = limits;
    this.#counts = counts;
    this.#held = held;
    this.#giveBack = giveBack;
    this.#expires = expiry(limits.lifeMs);
    targets.open(
      (socket, target) => this.#opened(socket, target, targets),
      () => this.#end('lost'),
    );
  }

  #opened(socket: Socket, target: Target, targets: Targets): void {
    if (this.isSpent && this.#waiting.length === 0) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    this.#target = target;
    socket.on('data', (chunk) => this.#read(chunk, targets));
    socket.once('close', () => {
      if (this.#waiting.length > 0) targets.avoid(target);
      this.#end('lost');
    });
    this.#flush();
  }

  hasRoom(): boolean {
    const first = this.#waiting[0];
    return this.#waiting.length < this.#limits.depth && (first === undefined || performance.now() - first.since < this.#limits.slowMs);
  }

  send(proxied: ProxiedRequest): void {
    if (this.#text === '') setImmediate(this.#flush);
    this.#text += `GET ${proxied.request.url} HTTP/1.1\r\n${proxied.headLines()}\r\n`;
    this.#waiting.push(proxied);
    if (++this.#uses >= this.#limits.sharedUses) this.isSpent = true;
  }

  readonly #flush = (): void => {
    if (this.#text === '' || this.#socket === undefined) return;
    const text = this.#text;
    this.#text = '';
    this.#lastUse = performance.now();
    this.#socket.write(text, 'latin1');
  };

  /** Closes the connection if it stalls, is too old or idle. Called periodically. */
  sweep(now: number): void {
    if (this.#rest !== undefined && now - this.#lastRead > this.#limits.stallMs) this.#end('lost');
    else if (now > this.#expires || (this.#waiting.length === 0 && now - this.#lastUse > this.#limits.idleMs)) this.close();
  }

  /** Takes no more requests, and closes when those that wait have their responses. */
  close(): void {
    this.isSpent = true;
    if (this.#waiting.length === 0) this.#socket?.end();
  }

  #end(why: Returned): void {
    this.isSpent = true;
    this.#isBroken = true;
    this.#text = '';
    this.#socket?.destroy();
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) this.#giveBack(waiting, why);
  }

  /** An exception here must close this connection only, not end the gateway. */
  #read(chunk: Buffer, targets: Targets): void {
    try {
      this.#readResponses(chunk, targets);
    } catch {
      this.#reject();
    }
  }

  #readResponses(chunk: Buffer, targets: Targets): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#lastRead = performance.now();
    let at = 0;
    while (at < bytes.length && !this.#isBroken) {
      const next = this.#readResponse(bytes, at, targets);
      if (next === undefined) break;
      at = next;
    }
    this.#rest = at < bytes.length && !this.#isBroken ? bytes.subarray(at) : undefined;
    if (this.#rest !== undefined && this.#rest.length > 2 * this.#limits.quickBytes) this.#reject();
    if (this.isSpent && this.#waiting.length === 0) this.#socket?.end();
  }

  /** The bytes read match no waiting request. */
  #reject(): void {
    this.#counts.foreign++;
    this.#end('lost');
  }

  /** Forwards the response that starts at `at`. Returns the start of the next one; undefined if this one is incomplete. */
  #readResponse(bytes: Buffer, at: number, targets: Targets): number | undefined {
    const end = bytes.indexOf('\r\n\r\n', at, 'latin1');
    if (end < 0) {
      if (!mayBeResponse(bytes, at)) this.#reject();
      return undefined;
    }
    const text = bytes.toString('latin1', at, end);
    const head = readResponseHead(splitLines(text));
    const proxied = this.#waiting[0];
    const status = statusOf(text);
    if (proxied === undefined || status === undefined || head.id !== proxied.id) {
      this.#reject();
      return undefined;
    }
    const length = quickLength(status, head, this.#limits.quickBytes);
    if (length === undefined) {
      this.#end('misuse');
      return undefined;
    }
    const next = end + 4 + length;
    if (next > bytes.length) return undefined;
    // The bytes after it are not a response, so its length is wrong.
    if (!mayBeResponse(bytes, next)) {
      this.#reject();
      return undefined;
    }
    this.#response(proxied, status, head, bytes.toString('latin1', end + 4, next));
    if (head.isLast) {
      targets.avoid(this.#target as Target);
      this.#end('moved');
    }
    return next;
  }

  #response(proxied: ProxiedRequest, status: number, head: ResponseHead, body: string): void {
    if (!proxied.isGone) {
      proxied.begin(status, head);
      // As text, the body is sent in one write with the head.
      proxied.response.end(body, 'latin1');
      if (proxied.isUnread && !this.#held.take(proxied, body.length)) {
        this.#counts.unread++;
        proxied.request.socket.destroy();
      }
    }
    this.#waiting.shift();
  }
}
