import { numberForm } from './tokens.ts';

/** More columns than this are taken for a mistake: each one costs memory while its values are counted. */
export const COLUMN_LIMIT = 4096;

/** Column names from a header line: each one there and different from the others; what was changed is noted. */
export function uniqueNames(fields: readonly string[], notes: Set<string>): string[] {
  const taken = new Set<string>();
  const names = fields.map((field, i) => {
    const wanted = field.trim() === '' ? `column_${i + 1}` : field;
    const name = free(wanted, taken);
    taken.add(name);
    if (field.trim() === '') notes.add(`Column ${i + 1} has no name in the header: it is called '${name}'.`);
    else if (name !== field) notes.add(`The header has '${field}' more than once: column ${i + 1} is called '${name}'.`);
    return name;
  });
  if (fields.every((field) => numberForm(field) !== 0)) {
    notes.add(`The first row was taken for the header, though it is all numbers (${fields.slice(0, 3).join(', ')}).`);
  }
  return names;
}

function free(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
  return name;
}
