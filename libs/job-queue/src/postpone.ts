import { jobLimits, ProblemError } from '@almanac/domain';
import { type HeldJob, type JobEnd, waitOf } from '@almanac/hotqueue';
import { failureOf, GivePlaceBack } from './outcome.ts';
import { unavailableReason } from './retry-while-unavailable.ts';

const SHORTEST_MS = 1000;
const LONGEST_MS = 30_000;

/**
 * The end of an attempt whose job has to wait for something. The job is delayed by half of the time that it has waited so far (1 to 30 s),
 * and fails once that time is above `withinMs`. `attemptMs` is how long the attempt took.
 */
export function postpone(
  { record }: Pick<HeldJob, 'record'>,
  error: unknown,
  { attemptMs, progress, withinMs = jobLimits.waitMs.value }: { attemptMs: number; progress: number; withinMs?: number | undefined },
  random = Math.random,
): JobEnd {
  const started = record.started ?? record.created;
  const since = waitOf(record)?.since ?? started;
  const waitedMs = started - since + attemptMs;
  if (waitedMs > withinMs) return { state: 'failed', note: JSON.stringify(failureOf(waitedTooLong(error, waitedMs), progress)) };
  const wanted = error instanceof GivePlaceBack ? error.afterMs : undefined;
  const delayMs = (wanted ?? Math.min(LONGEST_MS, Math.max(SHORTEST_MS, waitedMs / 2))) * (0.5 + random() / 2);
  return { state: 'waiting', since, reason: unavailableReason(error), delayMs: Math.round(delayMs) };
}

/** The last error, with the time that the job waited. */
function waitedTooLong(error: unknown, waitedMs: number): ProblemError {
  const type = error instanceof ProblemError ? error.type : 'store-unavailable';
  const seconds = Math.round(waitedMs / 1000);
  return new ProblemError(type, `${unavailableReason(error)} The job waited for ${seconds} s in total, which is above the limit.`);
}
