import type { Counts } from './counts.ts';
import type { HeldBytes } from './held-bytes.ts';
import type { Limits } from './limits.ts';
import type { ProxiedRequest } from './proxied-request.ts';
import { type Returned, SharedConnection } from './shared-connection.ts';
import type { Targets } from './targets.ts';

/** The shared connections to one service, used in turn and replaced when spent. The first request opens them. */
export class SharedConnections {
  readonly #targets: Targets;
  readonly #limits: Limits;
  readonly #counts: Counts;
  readonly #held: HeldBytes;
  readonly #giveBack: (requests: ProxiedRequest[], why: Returned) => void;
  readonly #slots: (SharedConnection | undefined)[];
  #turn = 0;

  constructor(
    targets: Targets,
    limits: Limits,
    counts: Counts,
    held: HeldBytes,
    giveBack: (requests: ProxiedRequest[], why: Returned) => void,
  ) {
    this.#targets = targets;
    this.#limits = limits;
    this.#counts = counts;
    this.#held = held;
    this.#giveBack = giveBack;
    this.#slots = Array.from({ length: limits.shared }, () => undefined);
  }

  /** Sends the request on the next connection that has room. Returns false if none has. */
  send(proxied: ProxiedRequest): boolean {
    for (let i = 0; i < this.#slots.length; i++) {
      const connection = this.#at(this.#turn++ % this.#slots.length);
      if (!connection.hasRoom()) continue;
      connection.send(proxied);
      return true;
    }
    return false;
  }

  #at(slot: number): SharedConnection {
    const open = this.#slots[slot];
    if (open !== undefined && !open.isSpent) return open;
    const fresh = new SharedConnection(this.#targets, this.#limits, this.#counts, this.#held, this.#giveBack);
    this.#slots[slot] = fresh;
    return fresh;
  }

  sweep(now: number): void {
    for (const connection of this.#slots) connection?.sweep(now);
  }

  close(): void {
    for (const connection of this.#slots) connection?.close();
  }
}
