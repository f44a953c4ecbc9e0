import { ProblemError } from '@almanac/domain';
import { Interrupted } from '@almanac/job-queue';

export const ADVICE = 'Ask for fewer records or a smaller picture.';

/** Why a drawing process ended, as numbers tell it. */
export type EndReason = 'deadline' | 'memory' | 'heap' | 'killed' | 'crash';

export interface ChildEnd {
  reason: EndReason;
  problem: ProblemError;
}

/**
 * What the end of a drawing process means for its drawing. SIGKILL comes from outside: nothing inside sends it, and the kernel sends it to
 * free memory, whoever took that. So the drawing is not at fault and is tried again. A heap that is full and any other end is its own.
 */
export function endOf(code: number | null, signal: NodeJS.Signals | null, lastWords: string, heapMb: number): ChildEnd {
  if (/heap out of memory|Array buffer allocation failed|out of memory/i.test(lastWords))
    return {
      reason: 'heap',
      problem: new ProblemError('job-failed', `The drawing needed more memory than the ${heapMb} MB it may have. ${ADVICE}`),
    };
  const cause = new Error(lastWords);
  if (signal === 'SIGKILL') {
    const detail =
      'The process that was drawing was ended from outside (SIGKILL), which happens when its machine or container has no memory left.';
    return { reason: 'killed', problem: new Interrupted(detail, { cause }) };
  }
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  const detail = `The process that was drawing ended ${how}, and the drawing with it. ${ADVICE}`;
  return { reason: 'crash', problem: new ProblemError('job-failed', detail, { cause }) };
}

export const overdue = (deadlineMs: number): ChildEnd => ({
  reason: 'deadline',
  problem: new ProblemError('job-failed', `The drawing took longer than the ${deadlineMs / 1000} s it may take and was ended. ${ADVICE}`),
});

export const tooMuchMemory = (bytes: number, childMb: number): ChildEnd => ({
  reason: 'memory',
  problem: new ProblemError(
    'job-failed',
    `The drawing needed ${Math.ceil(bytes / 1e6)} MB of memory, the limit is ${childMb} MB, and was ended. ${ADVICE}`,
    { extra: { limit: childMb, value: Math.ceil(bytes / 1e6), unit: 'MB' } },
  ),
});

/** Rows that do not fit beside the picture, found while they arrive. */
export const tooManyRows = (bytes: number, mostBytes: number): ProblemError =>
  new ProblemError(
    'job-failed',
    `The records of this drawing take more than ${(bytes - 1).toLocaleString('en')} bytes, the limit is ${mostBytes.toLocaleString('en')} bytes for a picture of this size. Choose fewer records with where, fewer columns, or a smaller picture.`,
    { extra: { limit: mostBytes, value: bytes, unit: 'bytes' } },
  );
