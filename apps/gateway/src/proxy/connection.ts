import type { Socket } from 'node:net';
import { requestLimits } from '@almanac/domain';
import { Client, type Dispatcher } from 'undici';
import type { Target } from './address.ts';
import { expiry, type Limits } from './limits.ts';

/** A connection that carries one request at a time, through undici. A closed connection is never reopened. */
export class Connection {
  readonly target: Target;
  readonly #client: Client;
  readonly #limits: Limits;
  readonly #expires: number;
  #uses = 0;
  idleSince = 0;
  /** closed or about to close: takes no further request */
  isSpent = false;

  constructor(socket: Socket, target: Target, limits: Limits, closed: (connection: Connection) => void) {
    this.target = target;
    this.#limits = limits;
    this.#expires = expiry(limits.lifeMs);
    let first: Socket | undefined = socket;
    this.#client = new Client('http://service', {
      pipelining: 1,
      // A wait for a job and a silent stream have no time limit.
      headersTimeout: 0,
      // A Link header repeats the URL several times.
      maxHeaderSize: requestLimits.serviceHeadBytes.value,
      bodyTimeout: 0,
      keepAliveTimeout: 60_000,
      connect: (_, connected) => {
        const usable = first !== undefined && !first.destroyed ? first : undefined;
        first = undefined;
        // undici sends nothing if the callback runs before connect() returns.
        queueMicrotask(() => (usable === undefined ? connected(new Error('the connection is closed'), null) : connected(null, usable)));
      },
    });
    this.#client.on('disconnect', () => {
      this.isSpent = true;
      closed(this);
    });
  }

  /** whether it carried a request before the current one */
  get isUsed(): boolean {
    return this.#uses > 1;
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    if (++this.#uses >= this.#limits.uses) this.isSpent = true;
    this.#client.dispatch(options, handler);
  }

  isTooOld(now: number): boolean {
    return now > this.#expires || (this.idleSince > 0 && now - this.idleSince > this.#limits.idleMs);
  }

  close(): void {
    this.isSpent = true;
    this.#client.destroy().catch(() => {});
  }
}
