import type { Row } from './row.ts';
import { DECIMAL, NOT_A_NUMBER, numberForm } from './tokens.ts';

const endsInId = /(^|[_\-. ])id$|[a-z\d]I[dD]$/;
const endsInLowerId = (name: string): boolean => endsInId.test(name) || /(^|[_\-. ])id$/.test(name.toLowerCase());

/**
 * The column that most likely names the records, judged by its name and the first rows: one called id; else the first that ends in
 * _id, where it is the first column or the only such; else the first column, unless it is measured (numbers with fractions).
 * Undefined: none is fit, records are named by their number. The guess may still prove wrong in a later row.
 */
export function guessKey(rows: readonly Row[]): string | undefined {
  const names = rows[0]?.names() ?? [];
  const id = names.find((name) => name.trim().toLowerCase() === 'id');
  if (id !== undefined) return id;
  const ids = names.filter((name) => endsInLowerId(name.trim()));
  if (ids[0] !== undefined && (ids[0] === names[0] || ids.length === 1)) return ids[0];
  const [first] = names;
  return first !== undefined && rows.every((row) => isName(row.keyText(first))) ? first : undefined;
}

const isName = (text: string | undefined): boolean => text !== undefined && !(numberForm(text) === DECIMAL && !isWhole(text));

const isWhole = (text: string): boolean => numberForm(text) !== NOT_A_NUMBER && Number.isInteger(Number(text));
