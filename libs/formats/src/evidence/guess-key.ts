import type { Row } from '../row.ts';
import { DECIMAL, NOT_A_NUMBER, numberForm } from '../tokens.ts';

const endsInId = /(^|[_\-. ])id$|[a-z\d]I[dD]$/;
const endsInLowerId = (name: string): boolean => endsInId.test(name) || /(^|[_\-. ])id$/.test(name.toLowerCase());

/** An attribute of an XML element is called @id. */
const bare = (name: string): string => name.trim().replace(/^@/, '');

/**
 * The column that most likely is the key, judged by its name and the first rows: `hint`, the key that the format defines, if the rows have
 * it; else a column called id; else the first whose name ends in _id, if it is the first column or the only such; else the first column,
 * unless it has measured values (numbers with fractions). Undefined if there is none. A later row may prove the guess wrong.
 */
export function guessKey(rows: readonly Row[], hint?: string): string | undefined {
  const names = rows[0]?.names() ?? [];
  if (hint !== undefined && names.includes(hint)) return hint;
  const id = names.find((name) => bare(name).toLowerCase() === 'id');
  if (id !== undefined) return id;
  const ids = names.filter((name) => endsInLowerId(bare(name)));
  if (ids[0] !== undefined && (ids[0] === names[0] || ids.length === 1)) return ids[0];
  const [first] = names;
  return first !== undefined && rows.every((row) => isName(row.keyText(first))) ? first : undefined;
}

const isName = (text: string | undefined): boolean => text !== undefined && !(numberForm(text) === DECIMAL && !isWhole(text));

const isWhole = (text: string): boolean => numberForm(text) !== NOT_A_NUMBER && Number.isInteger(Number(text));
