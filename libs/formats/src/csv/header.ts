import { checkColumns } from '../column-names.ts';
import { copyText } from '../copy-text.ts';
import { numberForm } from '../tokens.ts';

/** Column names from a header line at offset `at`: not empty, and unique. Notes each change. Throws a LimitFault. */
export function uniqueNames(fields: readonly string[], notes: Set<string>, at: number): string[] {
  checkColumns(fields, at);
  const taken = new Map<string, number>();
  const names = fields.map((field, i) => {
    const name = free(field.trim() === '' ? `column_${i + 1}` : copyText(field), taken);
    if (field.trim() === '') notes.add(`Column ${i + 1} has no name in the header and was named '${name}'.`);
    else if (name !== field) notes.add(`The header repeats '${field}': column ${i + 1} was named '${name}'.`);
    return name;
  });
  if (fields.every((field) => numberForm(field) !== 0)) {
    notes.add(`The first row was read as the header although it has only numbers (${fields.slice(0, 3).join(', ')}).`);
  }
  checkColumns(names, at);
  return names;
}

/** The name itself, or with the first free number. `taken` holds the last number that was tried for each name. */
function free(wanted: string, taken: Map<string, number>): string {
  let name = wanted;
  let n = taken.get(wanted) ?? 1;
  while (taken.has(name)) name = `${wanted}_${++n}`;
  taken.set(wanted, n);
  if (name !== wanted) taken.set(name, 1);
  return name;
}
