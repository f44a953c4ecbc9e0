/** Makes of a stored row (the text of a minified JSON object) the row that readers see. */
export type RowView = (row: string) => string;

/** The text of a JSON token: what a string holds, or any other token as it is written. The text is what names a record. */
export const textOf = (token: string): string => (token.startsWith('"') ? (JSON.parse(token) as string) : token);

/** One member of a row: where its name and its value stand in the row's text. */
export interface Member {
  name: string;
  from: number;
  to: number;
}

const QUOTE = 34;
const BACKSLASH = 92;

/** The end of the string that begins at `at` (one past its closing quote). */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; ; i++) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH) i++;
    else if (c === QUOTE) return i + 1;
  }
}

function valueEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; ; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      i = stringEnd(text, i) - 1;
      if (depth === 0) return i + 1;
    } else if (c === 123 || c === 91) depth++;
    else if (c === 125 || c === 93) {
      if (depth === 0) return i;
      if (--depth === 0) return i + 1;
    } else if (c === 44 && depth === 0) return i;
  }
}

/** The members of a minified JSON object in order, without parsing their values. */
export function* members(row: string): Generator<Member> {
  for (let at = 1; row.charCodeAt(at) === QUOTE; at++) {
    const nameEnd = stringEnd(row, at);
    const from = nameEnd + 1;
    const to = valueEnd(row, from);
    yield { name: JSON.parse(row.slice(at, nameEnd)) as string, from, to };
    at = to;
  }
}

/** The token of one member of a row, or undefined where the row has none of that name. */
export function tokenOf(row: string, name: string): string | undefined {
  for (const member of members(row)) if (member.name === name) return row.slice(member.from, member.to);
  return undefined;
}

/** A view that rewrites tokens: `token` answers what a member's token becomes, or undefined where the member is left out. */
export function tokenView(token: (name: string, stored: string) => string | undefined): RowView {
  return (row) => {
    let out = '';
    for (const { name, from, to } of members(row)) {
      const shown = token(name, row.slice(from, to));
      if (shown !== undefined) out += `${out === '' ? '{' : ','}${JSON.stringify(name)}:${shown}`;
    }
    return out === '' ? '{}' : `${out}}`;
  };
}
