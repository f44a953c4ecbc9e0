import { checkColumns } from '../column-names.ts';
import { copyText } from '../copy-text.ts';
import { numberForm } from '../tokens.ts';

/** Column names from a header line at offset `at`: each one there and different from the others; what was changed is noted. Throws a LimitFault. */
export function uniqueNames(fields: readonly string[], notes: Set<string>, at: number): string[] {
  checkColumns(fields, at);
  const taken = new Map<string, number>();
  const names = fields.map((field, i) => {
    const name = free(field.trim() === '' ? `column_${i + 1}` : copyText(field), taken);
    if (field.trim() === '') notes.add(`Column ${i + 1} has no name in the header: it is called '${name}'.`);
    else if (name !== field) notes.add(`The header has '${field}' more than once: column ${i + 1} is called '${name}'.`);
    return name;
  });
  if (fields.every((field) => numberForm(field) !== 0)) {
    notes.add(`The first row was taken for the header, though it is all numbers (${fields.slice(0, 3).join(', ')}).`);
  }
  checkColumns(names, at);
  return names;
}

/** The name itself, or with the first number that is free. `taken` holds for each name the last number that was tried. */
function free(wanted: string, taken: Map<string, number>): string {
  let name = wanted;
  let n = taken.get(wanted) ?? 1;
  while (taken.has(name)) name = `${wanted}_${++n}`;
  taken.set(wanted, n);
  if (name !== wanted) taken.set(name, 1);
  return name;
}
