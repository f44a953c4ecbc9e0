export interface RateLimitOptions {
  perMinute: number;
  /** requests allowed at once (default: `perMinute`) */
  burst?: number | undefined;
  /** at most this many clients are counted; beyond that the least recently seen is dropped */
  clients?: number;
  /** the clock, in milliseconds */
  now?: () => number;
}

export interface RateLimitDecision {
  isAllowed: boolean;
  /** further requests allowed at once */
  remaining: number;
  /** seconds until the whole burst is available again */
  resetSeconds: number;
  /** seconds until the next request is allowed */
  retrySeconds: number;
}

interface Bucket {
  tokens: number;
  /** the time at which `tokens` was computed */
  at: number;
}

/** A token bucket for each client: `burst` requests at once, and `perMinute` in the long run. */
export class RateLimit {
  readonly burst: number;
  /** seconds in which an empty bucket fills */
  readonly windowSeconds: number;
  readonly #perMs: number;
  readonly #clients: number;
  readonly #now: () => number;
  /** least recently used first */
  readonly #buckets = new Map<string, Bucket>();

  constructor({ perMinute, burst = perMinute, clients = 10_000, now = () => performance.now() }: RateLimitOptions) {
    this.burst = burst;
    this.windowSeconds = Math.ceil((burst * 60) / perMinute);
    this.#perMs = perMinute / 60_000;
    this.#clients = clients;
    this.#now = now;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Counts one request of a client. A refused request costs nothing, so a client that waits `retrySeconds` is allowed. */
  take(client: string): RateLimitDecision {
    const now = this.#now();
    const bucket = this.#buckets.get(client) ?? { tokens: this.burst, at: now };
    const tokens = Math.min(this.burst, bucket.tokens + (now - bucket.at) * this.#perMs);
    const isAllowed = tokens >= 1;
    this.#keep(client, { tokens: isAllowed ? tokens - 1 : tokens, at: now });
    const left = isAllowed ? tokens - 1 : tokens;
    return {
      isAllowed,
      remaining: Math.floor(left),
      resetSeconds: this.#secondsFor(this.burst - left),
      retrySeconds: Math.max(1, this.#secondsFor(1 - left)),
    };
  }

  #secondsFor(tokens: number): number {
    return Math.max(0, Math.ceil(tokens / this.#perMs / 1000));
  }

  #keep(client: string, bucket: Bucket): void {
    this.#buckets.delete(client);
    this.#buckets.set(client, bucket);
    if (this.#buckets.size > this.#clients) this.#buckets.delete(this.#buckets.keys().next().value as string);
  }
}
