import { ProblemError, type ProblemType, shown } from '@almanac/domain';

/** A value for a message: quoted if it is a scalar, else 'a list' or 'an object'. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return value !== null && typeof value === 'object' ? 'an object' : shown(value);
}

/** A JSON pointer (RFC 6901) from its steps. */
export const pointer = (...steps: (string | number)[]): string =>
  steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The problem of one member of a job's body. `detail`: what is wrong and what would be right, without a full stop. */
export const invalidInput = (path: string, detail: string, type: ProblemType = 'invalid-body') =>
  new ProblemError(type, `${path === '' ? 'The body' : path}: ${detail}.`, { errors: [{ path, detail }] });

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
