import { type ColumnType, parseTime } from '@almanac/domain';

/** A value as filters and sorting compare it: a number, milliseconds UTC of a time, 0 or 1 of a boolean, a text; undefined if it is missing. */
export type Comparable = number | string | undefined;

/** Whether a column's values compare as numbers (times and booleans among them) rather than as text. */
export const comparesAsNumber = (type: ColumnType): boolean => type !== 'string' && type !== 'json';

/** A value of a parsed record, as it compares in a column of this type. What the type cannot hold, null and the empty text are missing. */
export function comparable(type: ColumnType, value: unknown): Comparable {
  if (value === null || value === undefined || value === '') return undefined;
  switch (type) {
    case 'integer':
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : undefined;
    case 'time':
      return typeof value === 'string' ? parseTime(value) : undefined;
    case 'json':
      return JSON.stringify(value);
    default:
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}
