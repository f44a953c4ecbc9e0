import { closeSync, openSync, readSync } from 'node:fs';
import type { Event } from './history.ts';

const PIECE = 1 << 20;

/** Counts what is written to a history while it grows, each line once. */
export class Tally {
  readonly #file: number;
  #at = 0;
  #rest = '';
  /** by what happened; of faults by their kind */
  readonly happened = new Map<string, number>();
  readonly faults = new Map<string, number>();
  /** when each last happened */
  readonly last = new Map<string, number>();

  constructor(path: string) {
    this.#file = openSync(path, 'r');
  }

  count(what: Event['what']): number {
    return this.happened.get(what) ?? 0;
  }

  /** Reads what has come since the last time. */
  read(): this {
    const piece = Buffer.alloc(PIECE);
    for (let size = PIECE; size === PIECE; this.#at += size) {
      size = readSync(this.#file, piece, 0, PIECE, this.#at);
      const lines = (this.#rest + piece.toString('latin1', 0, size)).split('\n');
      this.#rest = lines.pop() as string;
      for (const line of lines) this.#add(JSON.parse(line) as Event);
    }
    return this;
  }

  #add(event: Event): void {
    this.happened.set(event.what, this.count(event.what) + 1);
    this.last.set(event.what, event.at);
    if (event.what !== 'fault') return;
    const kind = event.fault.split(' ')[0] as string;
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
  }

  close(): void {
    closeSync(this.#file);
  }
}
