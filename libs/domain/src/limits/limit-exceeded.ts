import { ProblemError, type ProblemType } from '../problem.ts';
import { type Limit, withUnit } from './limit.ts';

/**
 * The problem for a value above a limit. The body has the members `limit`, `value` and `unit` for programs.
 * `detail` names what is too large; `advice` is a sentence about what to do instead.
 */
export const limitExceeded = (
  type: ProblemType,
  limit: Limit,
  value: number,
  { detail, advice }: { detail: string; advice?: string },
): ProblemError =>
  new ProblemError(
    type,
    `${detail}: ${withUnit(value, limit.unit)}, the limit is ${withUnit(limit.value, limit.unit)}.${advice === undefined ? '' : ` ${advice}`}`,
    { extra: { limit: limit.value, value, unit: limit.unit } },
  );
