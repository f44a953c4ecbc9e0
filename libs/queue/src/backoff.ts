export interface RetryPolicy {
  /** how often a job is begun at most, its workers' deaths not counted; default 5 */
  attempts: number;
  /** the wait after the first failure, doubled after each further one; default 1,000 */
  baseMs: number;
  /** the longest wait; default 60,000 */
  capMs: number;
}

export const RETRY: RetryPolicy = { attempts: 5, baseMs: 1000, capMs: 60_000 };

/**
 * How long to wait after the failure of attempt `attempt` (1 for the first): half to the whole of an exponential, so that failures spread.
 * Undefined where that was the last attempt.
 */
export function retryDelayMs(attempt: number, { attempts, baseMs, capMs }: RetryPolicy, random = Math.random): number | undefined {
  if (attempt >= attempts) return undefined;
  return Math.round(Math.min(capMs, baseMs * 2 ** (attempt - 1)) * (0.5 + random() / 2));
}
