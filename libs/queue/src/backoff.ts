export interface RetryPolicy {
  /** attempts at most, without those that ended in a crash of their worker; default 5 */
  attempts: number;
  /** the wait after the first failure, doubled after each further one; default 1,000 */
  baseMs: number;
  /** the longest wait; default 60,000 */
  capMs: number;
}

export const RETRY: RetryPolicy = { attempts: 5, baseMs: 1000, capMs: 60_000 };

/**
 * Returns the milliseconds to wait after attempt `attempt` (1 for the first) failed: from half of an exponential delay to the whole, at
 * random, so that retries spread. Returns undefined if it was the last attempt.
 */
export function retryDelayMs(attempt: number, { attempts, baseMs, capMs }: RetryPolicy, random = Math.random): number | undefined {
  if (attempt >= attempts) return undefined;
  return Math.round(Math.min(capMs, baseMs * 2 ** (attempt - 1)) * (0.5 + random() / 2));
}
