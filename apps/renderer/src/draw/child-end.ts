import { ProblemError } from '@almanac/domain';
import { Interrupted } from '@almanac/job-queue';

export const ADVICE = 'Ask for fewer records or a smaller picture.';

/** Why a drawing process ended, for metrics. */
export type EndReason = 'deadline' | 'memory' | 'heap' | 'killed' | 'crash';

export interface ChildEnd {
  reason: EndReason;
  problem: ProblemError;
}

/**
 * What the end of a drawing process means for its drawing. SIGKILL comes from outside, usually from the kernel to free memory, whichever
 * process took it. So the drawing is not at fault and is retried. A full heap and any other end is the fault of the drawing.
 */
export function endOf(code: number | null, signal: NodeJS.Signals | null, lastWords: string, heapMb: number): ChildEnd {
  if (/heap out of memory|Array buffer allocation failed|out of memory/i.test(lastWords))
    return {
      reason: 'heap',
      problem: new ProblemError('job-failed', `The drawing needed more memory than the limit of ${heapMb} MB. ${ADVICE}`),
    };
  const cause = new Error(lastWords);
  if (signal === 'SIGKILL') {
    const detail = 'The drawing process was killed from outside (SIGKILL), which happens if its machine or container has no memory left.';
    return { reason: 'killed', problem: new Interrupted(detail, { cause }) };
  }
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  const detail = `The drawing process ended ${how}. ${ADVICE}`;
  return { reason: 'crash', problem: new ProblemError('job-failed', detail, { cause }) };
}

export const overdue = (deadlineMs: number): ChildEnd => ({
  reason: 'deadline',
  problem: new ProblemError('job-failed', `The drawing took longer than the limit of ${deadlineMs / 1000} s and was stopped. ${ADVICE}`),
});

export const tooMuchMemory = (bytes: number, childMb: number): ChildEnd => ({
  reason: 'memory',
  problem: new ProblemError(
    'job-failed',
    `The drawing needed ${Math.ceil(bytes / 1e6)} MB of memory, the limit is ${childMb} MB. ${ADVICE}`,
    { extra: { limit: childMb, value: Math.ceil(bytes / 1e6), unit: 'MB' } },
  ),
});

/** The problem of rows that do not fit into memory beside the picture; detected while they arrive. */
export const tooManyRows = (bytes: number, mostBytes: number): ProblemError =>
  new ProblemError(
    'job-failed',
    `The records of this drawing take more than ${(bytes - 1).toLocaleString('en')} bytes, the limit is ${mostBytes.toLocaleString('en')} bytes for a picture of this size. Choose fewer records with where, fewer columns, or a smaller picture.`,
    { extra: { limit: mostBytes, value: bytes, unit: 'bytes' } },
  );
