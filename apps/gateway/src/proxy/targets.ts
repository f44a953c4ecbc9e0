import { connect, type Socket } from 'node:net';
import type { Target } from './address.ts';
import type { Limits } from './limits.ts';

class LateError extends Error {}

/** The addresses of one service, used in turn. One that refused or drains is skipped for a moment if there are others. */
export class Targets {
  readonly all: readonly Target[];
  readonly #limits: Limits;
  #turn = 0;

  constructor(all: readonly Target[], limits: Limits) {
    this.all = all;
    this.#limits = limits;
  }

  next(): Target {
    return this.#at(this.#choose());
  }

  /** The turn of the next address that is not avoided; if all are, the next one. */
  #choose(): number {
    const now = performance.now();
    for (let i = 0; i < this.all.length; i++) {
      const turn = this.#turn++;
      if (this.#at(turn).avoidUntil <= now) return turn;
    }
    return this.#turn++;
  }

  #at(turn: number): Target {
    return this.all[turn % this.all.length] as Target;
  }

  avoid(target: Target): void {
    target.avoidUntil = performance.now() + this.#limits.avoidMs;
  }

  /**
   * Opens a connection: tries every address in turn, the first one again, and after pauses some more if they refused.
   * Calls `opened` with the socket and its address, or `refused` with the reason. Nothing of a request has been sent in either case.
   */
  open(opened: (socket: Socket, target: Target) => void, refused: (reason: Error) => void): void {
    const first = this.#choose();
    const attempt = (tries: number) => {
      const target = this.#at(first + tries);
      const again = (reason: Error) => {
        const pause = this.#pauseAfter(tries, reason);
        if (pause === undefined) refused(reason);
        else if (pause === 0) attempt(tries + 1);
        else setTimeout(attempt, pause, tries + 1);
      };
      this.connect(target, (socket) => opened(socket, target), again);
    };
    attempt(0);
  }

  /** Milliseconds until the next attempt; undefined: no more attempts. An address that timed out is not retried. */
  #pauseAfter(tries: number, reason: Error): number | undefined {
    if (tries < this.all.length) return 0;
    return reason instanceof LateError ? undefined : this.#limits.refusedPausesMs[tries - this.all.length];
  }

  connect(target: Target, opened: (socket: Socket) => void, refused: (reason: Error) => void): void {
    const socket = connect(target.connect);
    const failed = (reason: Error) => {
      socket.destroy();
      this.avoid(target);
      refused(reason);
    };
    const late = () => failed(new LateError(`no connection within ${this.#limits.connectMs} ms`));
    socket.setTimeout(this.#limits.connectMs, late);
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.setTimeout(0).off('timeout', late).off('error', failed);
      // The user of the socket adds its own listener; until then, this one keeps an error from ending the process.
      socket.on('error', () => {});
      opened(socket);
    });
  }
}
