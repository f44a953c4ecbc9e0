import { ProblemError } from '@almanac/domain';

/** Something in memory that can be made again: a read copy, an opened chunk, a typed column. */
export interface Held {
  /** Whether it was read since the last call. */
  wasUsed(): boolean;
  /** Releases what it holds. The budget calls this; it must not call the budget about itself. */
  close(): void;
}

interface Entry {
  bytes: number;
  /** true if it was not read between the last two calls of `age` */
  isIdle: boolean;
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, one) => total + one, 0);

/**
 * One budget in bytes for everything that reads keep in memory. What was not read since it was last looked at goes first (second chance).
 * A copy that a reader holds is counted until that reader is done, also after it left the cache. One copy that is larger than the whole
 * budget is kept on top of it, because its data set could not be read otherwise.
 */
export class ReadMemory {
  readonly limitBytes: number;
  readonly #entries = new Map<Held, Entry>();
  readonly #pinned = new Map<Held, number>();
  /** copies larger than the whole budget, cached or pinned: one, or two while the first is being replaced */
  readonly #large = new Map<Held, number>();
  #cached = 0;
  #reserved = 0;
  /** bytes of copies that left the cache while readers hold them */
  #detached = 0;
  #dropped = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  /** Bytes of all that is cached, held by readers or being fetched. */
  get bytes(): number {
    return this.#cached + this.#detached + this.#reserved;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  /** Bytes dropped since the last call: what a garbage collection would free. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /**
   * Makes room for a copy that is about to be fetched, and counts it until `release` is called.
   * Throws 503 if copies that readers hold leave no room.
   */
  reserve(bytes: number): { release(): void } {
    const isOversize = bytes > this.limitBytes;
    const largest = Math.max(this.#reserved, ...this.#pinned.values());
    if (isOversize && largest > this.limitBytes) throw noRoom();
    const held = sum(this.#pinned.values()) + this.#reserved - (largest > this.limitBytes ? largest : 0);
    if (!isOversize && held + bytes > this.limitBytes) throw noRoom();
    // A second data set that is larger than the budget takes the place of the first.
    if (isOversize) for (const held of [...this.#large.keys()]) this.drop(held);
    this.#reserved += bytes;
    this.#evict();
    return {
      release: () => {
        this.#reserved -= bytes;
      },
    };
  }

  add(held: Held, bytes: number): void {
    this.#entries.set(held, { bytes, isIdle: false });
    this.#cached += bytes;
    if (bytes > this.limitBytes) this.#large.set(held, bytes);
    this.#evict(held);
  }

  drop(held: Held): void {
    const entry = this.#entries.get(held);
    if (entry === undefined) return;
    this.#entries.delete(held);
    this.#cached -= entry.bytes;
    if (this.#pinned.has(held)) this.#detached += entry.bytes;
    else {
      this.#large.delete(held);
      this.#dropped += entry.bytes;
    }
    held.close();
  }

  /** Counts a copy as held by readers, whether it stays in the cache or not. */
  pin(held: Held, bytes: number): void {
    this.#pinned.set(held, bytes);
    if (!this.#entries.has(held)) this.#detached += bytes;
  }

  unpin(held: Held): void {
    const bytes = this.#pinned.get(held) ?? 0;
    this.#pinned.delete(held);
    if (this.#entries.has(held)) return;
    this.#detached -= bytes;
    this.#dropped += bytes;
    this.#large.delete(held);
  }

  /** Drops what was read neither since the last call nor in the interval before it. */
  age(): void {
    for (const [held, entry] of this.#entries) {
      if (held.wasUsed() || this.#pinned.has(held)) entry.isIdle = false;
      else if (entry.isIdle) this.drop(held);
      else entry.isIdle = true;
    }
  }

  /** Whether what counts against the limit is above it: everything but one copy that is larger than the limit. */
  #isOver(): boolean {
    const largest = this.#reserved > this.limitBytes ? this.#reserved : Math.max(0, ...this.#large.values());
    return this.bytes - largest > this.limitBytes;
  }

  #evict(added?: Held): void {
    let visits = 2 * this.#entries.size;
    for (const [oldest, entry] of this.#entries) {
      if (!this.#isOver() || visits-- <= 0) return;
      if (oldest === added || this.#pinned.has(oldest) || this.#large.has(oldest)) continue;
      if (!oldest.wasUsed()) {
        this.drop(oldest);
        continue;
      }
      this.#entries.delete(oldest);
      this.#entries.set(oldest, entry);
    }
  }
}

const noRoom = () =>
  new ProblemError(
    'unavailable',
    'The read cache is full: other requests still read the data sets in it. Retry shortly, or raise READ_CACHE_MB.',
    { headers: { 'retry-after': '5' } },
  );
