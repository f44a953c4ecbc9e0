import { jobLimits, ProblemError } from '@almanac/domain';
import { type HeldJob, type JobEnd, waitOf } from '@almanac/hotqueue';
import { failureOf, GivePlaceBack } from './outcome.ts';
import { whyAway } from './patience.ts';

const SHORTEST_MS = 1000;
const LONGEST_MS = 30_000;

/**
 * How the attempt of a job ends that has to wait for something: it gives its place back for half of the time that it has waited so far
 * (1 to 30 s), and fails once that time is above `withinMs`. `attemptMs`: how long the attempt took.
 */
export function placeBack(
  { record }: Pick<HeldJob, 'record'>,
  error: unknown,
  { attemptMs, progress, withinMs = jobLimits.waitMs.value }: { attemptMs: number; progress: number; withinMs?: number | undefined },
  random = Math.random,
): JobEnd {
  const started = record.started ?? record.created;
  const since = waitOf(record)?.since ?? started;
  const waitedMs = started - since + attemptMs;
  if (waitedMs > withinMs) return { state: 'failed', note: JSON.stringify(failureOf(inVain(error, waitedMs), progress)) };
  const wanted = error instanceof GivePlaceBack ? error.afterMs : undefined;
  const delayMs = (wanted ?? Math.min(LONGEST_MS, Math.max(SHORTEST_MS, waitedMs / 2))) * (0.5 + random() / 2);
  return { state: 'waiting', since, said: whyAway(error), delayMs: Math.round(delayMs) };
}

/** The last error, with how long the job waited. */
function inVain(error: unknown, waitedMs: number): ProblemError {
  const type = error instanceof ProblemError ? error.type : 'store-unavailable';
  const seconds = Math.round(waitedMs / 1000);
  return new ProblemError(type, `${whyAway(error)} The job waited for ${seconds} s in all, which is longer than a job may wait.`);
}
