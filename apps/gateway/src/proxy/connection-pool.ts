import type { Socket } from 'node:net';
import { FairShare, type Waiter, WaitingLine } from '@almanac/service';
import type { Target } from './address.ts';
import { Connection } from './connection.ts';
import type { Limits } from './limits.ts';
import type { Targets } from './targets.ts';

/** A request that needs a connection. */
export interface ConnectionWaiter extends Waiter {
  /** needs a new connection, because an idle one may be broken too */
  readonly isFresh: boolean;
  ready(connection: Connection): void;
  /** no address accepted a connection; nothing was sent */
  refused(reason: Error): void;
  /** no connection became free in time; nothing was sent */
  late(): void;
}

/** How long a refusal is reported at /readyz, in milliseconds: longer than the interval of probes. */
const RECENT_MS = 15_000;

/**
 * The connections to one service that carry one request at a time. They are used last in, first out, so that surplus ones become old and
 * are closed. Clients share them fairly (`FairShare`); a request that gets none waits for at most `waitMs`.
 */
export class ConnectionPool {
  readonly places: FairShare;
  readonly #targets: Targets;
  readonly #limits: Limits;
  readonly #idle: Connection[] = [];
  readonly #line: WaitingLine<ConnectionWaiter>;
  /** connections that are open or being opened */
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

  /** Whether a request waits now, or was refused within the last 15 s. */
  get isShort(): boolean {
    return this.waiting > 0 || performance.now() - this.#refusedAt < RECENT_MS;
  }

  /** Whether another request needs the connection that this client holds: one of the same client, or any if no place is free. */
  isWantedFrom(client: string): boolean {
    return this.#line.has(client) || (this.waiting > 0 && this.places.free === 0);
  }

  /** Gives the waiter a connection, now or later. Returns false if too many requests wait. */
  take(waiter: ConnectionWaiter): boolean {
    if (this.places.take(waiter.client)) this.#give(waiter);
    else if (!this.#line.add(waiter)) {
      this.#refusedAt = performance.now();
      return false;
    }
    return true;
  }

  /** Returns a connection and the client's place. */
  release(connection: Connection, client: string): void {
    this.giveBack(connection);
    this.leave(client);
  }

  /** Returns a client's place. */
  leave(client: string): void {
    this.places.release(client);
    this.#serveNext();
  }

  /** Returns a connection after its request. The client keeps its place until `leave`: it gets no other while it does not read the response. */
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

  /** The waiter already holds a place. */
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
