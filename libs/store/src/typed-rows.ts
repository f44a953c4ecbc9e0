import { type Column, type ColumnType, isNumberText, members, type RowView, type Schema, textOf } from '@almanac/domain';

/**
 * The typed view of a schema: tokens of columns whose stored form is not the typed one are rewritten. Undefined where every stored
 * token is the typed value already and rows go out as they lie.
 */
export function rowView(schema: Schema): RowView | undefined {
  const converted = new Map<string, ColumnType>(
    schema.columns.filter((column: Column) => !column.asStored).map(({ name, type }) => [name, type]),
  );
  if (converted.size === 0) return undefined;
  return (row) => {
    let out = '';
    let copied = 0;
    for (const { name, from, to } of members(row)) {
      const type = converted.get(name);
      if (type === undefined) continue;
      out += row.slice(copied, from) + typedToken(row.slice(from, to), type);
      copied = to;
    }
    return out + row.slice(copied);
  };
}

const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** A stored token as its column's type has it; what the type cannot hold is missing (null), never invented. */
export function typedToken(token: string, type: ColumnType): string {
  const text = textOf(token).trim();
  if (token === 'null') return token;
  switch (type) {
    case 'integer':
    case 'number':
      return number.test(text) ? text : (exactNumber(text) ?? 'null');
    case 'boolean':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() : 'null';
    case 'json':
      return token;
    default:
      return token.startsWith('"') ? token : JSON.stringify(token);
  }
}

/** Numbers that people write and JSON does not: +5, .5, 5. */
function exactNumber(text: string): string | undefined {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) && isNumberText(text) ? String(value) : undefined;
}
