import type { Socket } from 'node:net';
import { FairShare, type Waiter, WaitingLine } from '@almanac/service';
import type { Target } from './address.ts';
import { Connection } from './connection.ts';
import type { Limits } from './limits.ts';
import type { Targets } from './targets.ts';

/** A request that wants a connection. */
export interface ConnectionWaiter extends Waiter {
  /** wants a new connection, because a kept one may lead to the same dead end */
  readonly isFresh: boolean;
  ready(connection: Connection): void;
  /** no address took a connection; nothing was sent */
  refused(reason: Error): void;
  /** no connection became free in time; nothing was sent */
  late(): void;
}

/** For how long a refusal is reported after it happened, in milliseconds: longer than the time between two probes. */
const RECENT_MS = 15_000;

/**
 * The connections to one service that carry one request at a time: last in, first out, so that the surplus grows old and closes.
 * Clients share them fairly (`FairShare`); a request that gets none waits, up to `waitMs`.
 */
export class ConnectionPool {
  readonly places: FairShare;
  readonly #targets: Targets;
  readonly #limits: Limits;
  readonly #idle: Connection[] = [];
  readonly #line: WaitingLine<ConnectionWaiter>;
  /** open or being opened */
  #count = 0;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor(targets: Targets, limits: Limits, places: number) {
    this.#targets = targets;
    this.#limits = limits;
    this.places = new FairShare(places);
    this.#line = new WaitingLine(limits.waiting);
  }

  get size(): number {
    return this.#count;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Whether a request was turned away, or waits, now or a moment ago. */
  get isShort(): boolean {
    return this.waiting > 0 || performance.now() - this.#refusedAt < RECENT_MS;
  }

  /** Whether a connection that this client holds is wanted: by a further request of its own, or because no place is left for anyone. */
  isWantedFrom(client: string): boolean {
    return this.#line.has(client) || (this.waiting > 0 && this.places.free === 0);
  }

  /** Gives the waiter a connection, now or later. Returns false if too many wait already. */
  take(waiter: ConnectionWaiter): boolean {
    if (this.places.take(waiter.client)) this.#give(waiter);
    else if (!this.#line.add(waiter)) {
      this.#refusedAt = performance.now();
      return false;
    }
    return true;
  }

  /** A connection comes back, and so does the client's place. */
  release(connection: Connection, client: string): void {
    this.giveBack(connection);
    this.leave(client);
  }

  /** A client's place comes back. */
  leave(client: string): void {
    this.places.release(client);
    this.#serveNext();
  }

  /** A connection comes back after its request. The client may keep its place: while it does not read the response, it gets no further one. */
  giveBack(connection: Connection): void {
    const now = performance.now();
    if (connection.isSpent || connection.isTooOld(now)) this.#drop(connection);
    else {
      connection.idleSince = now;
      this.#idle.push(connection);
    }
  }

  sweep(now: number): void {
    for (const connection of this.#idle.filter((kept) => kept.isTooOld(now))) this.#dropIdle(connection);
    for (const waiter of this.#line.expire(now, this.#limits.waitMs)) {
      this.#refusedAt = now;
      waiter.late();
    }
  }

  close(): void {
    for (const connection of [...this.#idle]) this.#dropIdle(connection);
  }

  /** A place is held for the waiter already. */
  #give(waiter: ConnectionWaiter): void {
    const connection = this.#kept();
    if (connection !== undefined && !waiter.isFresh) {
      waiter.ready(connection);
      return;
    }
    if (connection !== undefined) this.#drop(connection);
    this.#open(waiter);
  }

  #kept(): Connection | undefined {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (!connection.isSpent && !connection.isTooOld(performance.now())) {
        connection.idleSince = 0;
        return connection;
      }
      this.#drop(connection);
    }
    return undefined;
  }

  #open(waiter: ConnectionWaiter): void {
    this.#count++;
    this.#targets.open(
      (socket, target) => this.#opened(waiter, socket, target),
      (reason) => {
        this.#count--;
        this.places.release(waiter.client);
        waiter.refused(reason);
        this.#serveNext();
      },
    );
  }

  #opened(waiter: ConnectionWaiter, socket: Socket, target: Target): void {
    const connection = new Connection(socket, target, this.#limits, (closed) => this.#dropIdle(closed));
    if (waiter.isGone) this.release(connection, waiter.client);
    else waiter.ready(connection);
  }

  #serveNext(): void {
    for (let next = this.#line.next(this.places); next !== undefined; next = this.#line.next(this.places)) this.#give(next);
  }

  #drop(connection: Connection): void {
    this.#count--;
    connection.close();
  }

  #dropIdle(connection: Connection): void {
    const at = this.#idle.indexOf(connection);
    if (at < 0) return;
    this.#idle.splice(at, 1);
    this.#drop(connection);
  }
}
