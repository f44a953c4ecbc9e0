import { type Problem, ProblemError, type ProblemType, problemTypes } from '@almanac/domain';
import { GivePlaceBack } from '@almanac/job-queue';

/** The longest wait that query may ask for with Retry-After, in seconds. */
const LONGEST_WAIT_S = 60;

/**
 * What an answer of query means for the job. 429, 408 and 503 say that query has no room now: the job gives its place back. Other
 * answers from 500 on may pass, too. All others are about the job itself: it fails at once, with query's own words.
 */
export function failureOf(status: number, retryAfter: string | undefined, text: string): ProblemError {
  const body = parsed(text);
  const type = body?.type?.replace('/problems/', '') ?? '';
  const detail = body?.detail ?? `The query service returned status ${status}.`;
  if (status === 503 || status === 429 || status === 408) return new GivePlaceBack(detail, waitOf(retryAfter));
  if (status >= 500) return new ProblemError(status === 502 ? 'bad-gateway' : 'unavailable', detail);
  const options = body?.errors === undefined ? {} : { errors: body.errors };
  return new ProblemError(isProblemType(type) && problemTypes[type][0] < 500 ? type : 'job-failed', detail, options);
}

/** A query service that cannot be reached, or does not answer in time. */
export const unreachable = (cause: unknown): GivePlaceBack =>
  new GivePlaceBack('The query service cannot be reached; the job waits for it.', { cause });

export const brokenOff = (cause: unknown) =>
  new ProblemError('bad-gateway', 'The query service broke off in the middle of the rows.', { cause });

/** A long filter needs POST …/search, which a query service of an earlier version does not have. */
export const tooOld = (): GivePlaceBack =>
  new GivePlaceBack('The filter of this job needs a newer query service; the job waits for its upgrade.', { afterMs: 10_000 });

function waitOf(retryAfter: string | undefined): { afterMs?: number } {
  const seconds = Number(retryAfter);
  return seconds > 0 ? { afterMs: Math.min(seconds, LONGEST_WAIT_S) * 1000 } : {};
}

const isProblemType = (type: string): type is ProblemType => Object.hasOwn(problemTypes, type);

function parsed(text: string): Partial<Problem> | undefined {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return undefined;
  }
}
