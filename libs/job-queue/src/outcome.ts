import { Job, Problem, ProblemError, type ProblemOptions, storeProblem, storeTroubleOf } from '@almanac/domain';
import { type Static, Type } from 'typebox';

/** What a process produced: results by name, already saved under the job's token, and text about them for people. */
export const Outcome = Type.Object({
  results: Type.Record(Type.String(), Type.Object({ type: Type.String(), bytes: Type.Integer() })),
  /** description of the picture */
  description: Type.Optional(Type.String()),
  /** what was reduced or left out */
  notes: Type.Array(Type.String()),
  statistics: Job.properties.statistics,
  /** replaces the message with which the job was accepted */
  message: Type.Optional(Type.String()),
});
export type Outcome = Static<typeof Outcome>;

/** The note of a failed job: why it failed, and its progress. */
export const Failure = Type.Object({ problem: Problem, progress: Type.Integer() });
export type Failure = Static<typeof Failure>;

/**
 * Thrown by a handler if its attempt was interrupted from outside, for example by a SIGKILL of its drawing process, which the kernel sends
 * to free memory. The attempt counts as a crash: the job is retried, and fails with `detail` after four crashes.
 */
export class Interrupted extends ProblemError {
  constructor(detail: string, options: ProblemOptions = {}) {
    super('job-failed', detail, options);
  }
}

/**
 * Thrown by a handler if the job cannot continue now: it is postponed at once, and taken again after about `afterMs`. No attempt is
 * counted. The job shows `detail` while it waits; after ten minutes of waiting it fails with it.
 */
export class GivePlaceBack extends ProblemError {
  readonly afterMs: number | undefined;

  constructor(detail: string, { afterMs, ...options }: ProblemOptions & { afterMs?: number } = {}) {
    super('unavailable', detail, options);
    this.afterMs = afterMs;
  }
}

/** Returns a thrown error as the problem of a failed job. The text of an unexpected error is only logged. */
export const failureOf = (error: unknown, progress: number): Failure => ({ problem: problemOf(error).body(), progress });

function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const trouble = storeTroubleOf(error);
  if (trouble !== undefined) return storeProblem(trouble, error);
  return new ProblemError('internal', 'An unexpected error occurred in the worker. Its log shows the cause under the id of this job.');
}

/** The problem of a job over which too many workers died. */
export const poisoned = (crashes: number) =>
  new ProblemError('job-failed', `The job failed: ${crashes} workers died while they ran it. Try fewer records or a smaller picture.`);
