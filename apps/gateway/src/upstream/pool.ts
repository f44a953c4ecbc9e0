import type { Socket } from 'node:net';
import type { Target } from './address.ts';
import { Lane } from './lane.ts';
import type { Limits } from './limits.ts';
import type { Targets } from './targets.ts';

/** Who wants a connection. */
export interface Taker {
  /** wants a new connection, because a kept one may lead to the same dead end */
  readonly isFresh: boolean;
  /** wants none any more */
  readonly isGone: boolean;
  ready(lane: Lane): void;
  /** no address took a connection; nothing was sent */
  refused(reason: Error): void;
}

/** The connections to one service that carry one request at a time: last in, first out, so that the surplus grows old and closes. */
export class Pool {
  readonly #targets: Targets;
  readonly #limits: Limits;
  readonly #idle: Lane[] = [];
  readonly #waiting: Taker[] = [];
  /** open or being opened */
  #count = 0;

  constructor(targets: Targets, limits: Limits) {
    this.#targets = targets;
    this.#limits = limits;
  }

  get size(): number {
    return this.#count;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Gives the taker a connection, now or later. False: too many wait already. */
  take(taker: Taker): boolean {
    const lane = this.#kept();
    if (lane !== undefined && !taker.isFresh) taker.ready(lane);
    else if (lane !== undefined) {
      this.#drop(lane);
      this.#open(taker);
    } else if (this.#count < this.#limits.connections) this.#open(taker);
    else if (this.#waiting.length < this.#limits.waiting) this.#waiting.push(taker);
    else return false;
    return true;
  }

  /** A connection comes back after its request. */
  release(lane: Lane): void {
    if (lane.isSpent || lane.isTooOld(Date.now())) {
      this.#drop(lane);
      this.#serveNext();
      return;
    }
    const next = this.#nextWaiting();
    if (next === undefined) {
      lane.idleSince = Date.now();
      this.#idle.push(lane);
    } else if (next.isFresh) {
      this.#drop(lane);
      this.#open(next);
    } else next.ready(lane);
  }

  sweep(now: number): void {
    for (const lane of this.#idle.filter((kept) => kept.isTooOld(now))) this.#dropIdle(lane);
  }

  close(): void {
    for (const lane of [...this.#idle]) this.#dropIdle(lane);
  }

  #kept(): Lane | undefined {
    for (let lane = this.#idle.pop(); lane !== undefined; lane = this.#idle.pop()) {
      if (!lane.isSpent && !lane.isTooOld(Date.now())) {
        lane.idleSince = 0;
        return lane;
      }
      this.#drop(lane);
    }
    return undefined;
  }

  #open(taker: Taker): void {
    this.#count++;
    this.#targets.open(
      (socket, target) => this.#opened(taker, socket, target),
      (reason) => {
        this.#count--;
        taker.refused(reason);
        this.#serveNext();
      },
    );
  }

  #opened(taker: Taker, socket: Socket, target: Target): void {
    const lane = new Lane(socket, target, this.#limits, (closed) => this.#dropIdle(closed));
    if (taker.isGone) this.release(lane);
    else taker.ready(lane);
  }

  #serveNext(): void {
    if (this.#count >= this.#limits.connections) return;
    const next = this.#nextWaiting();
    if (next !== undefined) this.#open(next);
  }

  #nextWaiting(): Taker | undefined {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) if (!next.isGone) return next;
    return undefined;
  }

  #drop(lane: Lane): void {
    this.#count--;
    lane.close();
  }

  #dropIdle(lane: Lane): void {
    const at = this.#idle.indexOf(lane);
    if (at < 0) return;
    this.#idle.splice(at, 1);
    this.#drop(lane);
  }
}
