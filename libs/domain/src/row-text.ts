import { stringEnd, valueEnd } from './json-tokens.ts';

/** Turns a stored row (the text of a minified JSON object) into the row that readers see. */
export type RowView = (row: string) => string;

/** The text of a JSON token: the content of a string, or any other token as it is. The text of its key identifies a record. */
export const textOf = (token: string): string => (token.startsWith('"') ? (JSON.parse(token) as string) : token);

/** One member of a row: its name, and the offsets of its value in the row's text. */
export interface Member {
  name: string;
  from: number;
  to: number;
}

const QUOTE = 34;

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

/** The token of one member of a row, or undefined if the row has no such member. */
export function tokenOf(row: string, name: string): string | undefined {
  for (const member of members(row)) if (member.name === name) return row.slice(member.from, member.to);
  return undefined;
}

/** A view that rewrites tokens: `token` returns the new token of a member, or undefined to leave the member out. */
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
