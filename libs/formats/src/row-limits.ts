import { loadLimits } from '@almanac/domain';
import { HERE, LimitFault } from './malformed.ts';

/** `value` may be the first count above the limit, at which counting ends. `what`: 'row 3'. */
export const tooManyValues = (at: number, value: number, what: string): LimitFault =>
  new LimitFault(at, loadLimits.rowValues, value, `${what} has too many values`, 'Put the items of long lists into rows of their own.');

/**
 * Throws a LimitFault at HERE if the text of a row is too long. A row of fields contains the names of all columns, so it may be longer than
 * its source.
 */
export function checkBytes(text: string, row: number): void {
  const limit = loadLimits.rowBytes;
  if (text.length * 3 <= limit.value) return;
  const bytes = Buffer.byteLength(text);
  if (bytes > limit.value) throw new LimitFault(HERE, limit, bytes, `row ${row.toLocaleString('en')} is too long`);
}
