import { ProblemError, type ProblemType, shown } from '@almanac/domain';

/** A value in a message: the thing itself where it is small, else what kind of thing it is. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return value !== null && typeof value === 'object' ? 'an object' : shown(value);
}

/** A JSON pointer (RFC 6901) from its steps. */
export const pointer = (...steps: (string | number)[]): string =>
  steps.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** What is wrong with one member of a job's body, and what would be right. */
export const invalidInput = (path: string, detail: string, type: ProblemType = 'invalid-body') =>
  new ProblemError(type, `${path === '' ? 'The body' : path}: ${detail}.`, { errors: [{ path, detail }] });

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
