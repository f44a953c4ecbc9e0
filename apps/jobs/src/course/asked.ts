import { ProblemError } from '@almanac/domain';

export type Asked = Record<string, unknown>;

/** What a client sent: JSON, whatever the Content-Type says (as Flask's `get_json(force=True)` reads it). Nothing at all asks for nothing special. */
export function readAsked(body: unknown): Asked {
  const text = Buffer.isBuffer(body) ? body.toString().trim() : '';
  if (text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProblemError('invalid-body', `Invalid JSON: ${(error as Error).message}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Asked;
  throw new ProblemError('invalid-body', 'Invalid JSON: an object is expected, such as {"start": "2001", "end": "2021"}.');
}

/** Members whose own members are meant, as some clients nest them. */
const wrappers = new Set(['jobparameters', 'parameters', 'params', 'inputs', 'options', 'job']);

/** A name as it is meant: `Start Date`, `start_date` and `startDate` are one. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Every member by its name, those of wrapped objects after the others. */
export function membersOf(asked: Asked): [name: string, value: unknown][] {
  const entries = Object.entries(asked);
  const isWrapped = ([name, value]: [string, unknown]): boolean =>
    wrappers.has(plainName(name)) && typeof value === 'object' && value !== null && !Array.isArray(value);
  return [
    ...entries.filter((entry) => !isWrapped(entry)),
    ...entries.filter(isWrapped).flatMap(([, value]) => Object.entries(value as Asked)),
  ];
}
