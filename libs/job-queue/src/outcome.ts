import { Job, Problem, ProblemError, type ProblemOptions, storeProblem, storeTroubleOf } from '@almanac/domain';
import { type Static, Type } from 'typebox';

/** What a process made: results by name, already saved under the job's token, and what a person should know of them. */
export const Outcome = Type.Object({
  results: Type.Record(Type.String(), Type.Object({ type: Type.String(), bytes: Type.Integer() })),
  /** the picture in words */
  description: Type.Optional(Type.String()),
  /** what was reduced or left out */
  notes: Type.Array(Type.String()),
  statistics: Job.properties.statistics,
  /** in place of the message the job was accepted with */
  message: Type.Optional(Type.String()),
});
export type Outcome = Static<typeof Outcome>;

/** What the record of a failed job says: why, and how far it had come. */
export const Failure = Type.Object({ problem: Problem, progress: Type.Integer() });
export type Failure = Static<typeof Failure>;

/**
 * Thrown by a handler if something outside cut its attempt off, for example a SIGKILL of its drawing process: the kernel sends that to
 * free memory that another process took. The attempt counts as a crash: the job is tried again, and fails with `detail` after four.
 */
export class Interrupted extends ProblemError {
  constructor(detail: string, options: ProblemOptions = {}) {
    super('job-failed', detail, options);
  }
}

/**
 * Thrown by a handler if the job cannot continue now: it gives its place back at once, and is taken again after about `afterMs`.
 * No attempt is counted. The job's record shows `detail` while it waits; after ten minutes of waiting the job fails with it.
 */
export class GivePlaceBack extends ProblemError {
  readonly afterMs: number | undefined;

  constructor(detail: string, { afterMs, ...options }: ProblemOptions & { afterMs?: number } = {}) {
    super('unavailable', detail, options);
    this.afterMs = afterMs;
  }
}

/** A thrown error as a failed job's problem. The text of an unexpected error stays in the log. */
export const failureOf = (error: unknown, progress: number): Failure => ({ problem: problemOf(error).body(), progress });

function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const trouble = storeTroubleOf(error);
  if (trouble !== undefined) return storeProblem(trouble, error);
  return new ProblemError('internal', 'Something failed inside the worker; its log has the cause under this job’s id.');
}

/** A job over which too many workers died. */
export const poisoned = (crashes: number) =>
  new ProblemError(
    'job-failed',
    `The job was given up: ${crashes} workers died over it, one after the other. Try fewer records or a smaller picture.`,
  );
