import { type Problem, ProblemError, type ProblemType, problemTypes } from '@almanac/domain';
import { GivePlaceBack } from '@almanac/job-queue';

/** Upper bound for query's Retry-After, in seconds. */
const LONGEST_WAIT_S = 60;

/**
 * The error for a response of query. With 429, 408 and 503 query is overloaded: the job returns to its queue. Other statuses from 500 on
 * are retried. With all others the job fails, with query's detail.
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

/** The query service is unreachable or does not respond in time. */
export const unreachable = (cause: unknown): GivePlaceBack =>
  new GivePlaceBack('The query service is unreachable. The job waits for it.', { cause });

export const brokenOff = (cause: unknown) =>
  new ProblemError('bad-gateway', 'The query service closed the connection before it had sent all rows.', { cause });

/** A long filter needs POST …/search, which earlier versions of query do not have. */
export const tooOld = (): GivePlaceBack =>
  new GivePlaceBack('The filter of this job needs a newer query service. The job waits for its upgrade.', { afterMs: 10_000 });

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
