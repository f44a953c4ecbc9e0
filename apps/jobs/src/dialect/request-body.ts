import { jsonObjectIn } from '@almanac/service';

export type RequestBody = Record<string, unknown>;

/** What a client sent. Nothing at all asks for nothing special. */
export const readBody = (body: unknown): RequestBody => jsonObjectIn(body as Buffer | undefined, '{"start": "2001", "end": "2021"}');

/** Members whose own members are meant, as some clients nest them. */
const wrappers = new Set(['jobparameters', 'parameters', 'params', 'inputs', 'options', 'job']);

/** A name as it is meant: `Start Date`, `start_date` and `startDate` are one. */
export const normalizedName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Every member by its name, those of wrapped objects after the others. */
export function membersOf(asked: RequestBody): [name: string, value: unknown][] {
  const entries = Object.entries(asked);
  const isWrapped = ([name, value]: [string, unknown]): boolean =>
    wrappers.has(normalizedName(name)) && typeof value === 'object' && value !== null && !Array.isArray(value);
  return [
    ...entries.filter((entry) => !isWrapped(entry)),
    ...entries.filter(isWrapped).flatMap(([, value]) => Object.entries(value as RequestBody)),
  ];
}
