export interface RateLimitOptions {
  perMinute: number;
  /** requests that may come at once (default: as many as in a minute) */
  burst?: number | undefined;
  /** how many clients are remembered; beyond that the one that was silent longest is forgotten */
  clients?: number;
  /** milliseconds; tests have a clock of their own */
  now?: () => number;
}

export interface RateLimitDecision {
  isAllowed: boolean;
  /** requests that may follow at once */
  remaining: number;
  /** seconds until all of the burst may be used again */
  resetSeconds: number;
  /** seconds until the next request is allowed */
  retrySeconds: number;
}

interface Bucket {
  tokens: number;
  /** when `tokens` was right */
  at: number;
}

/** A token bucket for each client: `burst` requests at once, and `perMinute` in the long run. */
export class RateLimit {
  readonly burst: number;
  /** in how many seconds an empty bucket is full again */
  readonly windowSeconds: number;
  readonly #perMs: number;
  readonly #clients: number;
  readonly #now: () => number;
  /** in the order in which they were last heard of */
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

  /** Counts one request of a client. One that is refused costs nothing, so that waiting as told is enough. */
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
