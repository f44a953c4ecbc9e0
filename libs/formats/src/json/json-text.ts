// Reads the outline of JSON text (where strings and values end) without making values of it.

import { stringEnd, valueEnd } from '@almanac/domain';

const QUOTE = 34;

/** Whether text begins as a JSON object does. */
export const beginsWithObject = (text: string): boolean => /^\{\s*(["}]|$)/.test(text);

/** The outline of one value. */
export interface Outline {
  /** offset after the value, or -1 if the text ends first */
  end: number;
  /** whether there is white space outside its strings */
  hasSpace: boolean;
  /** levels of lists and objects */
  depth: number;
  /** number of values at any depth; a member of an object counts three times */
  values: number;
}

/** Extra count of a member: inserting its name into an object takes longer than reading its value. */
const NAME_COST = 2;

const found: Outline = { end: -1, hasSpace: false, depth: 0, values: 0 };

/** Outlines the list or object that begins at `i`. Brackets are counted, not matched: parsing checks the rest. The result object is reused. */
export function outline(text: string, i: number): Outline {
  const n = text.length;
  let depth = 0;
  let values = 0;
  found.hasSpace = false;
  found.depth = 0;
  for (let at = i; at < n; at++) {
    const code = text.charCodeAt(at);
    // Digits, signs and points: most characters outside strings.
    if (code > 44 && code < 58) continue;
    if (code === QUOTE) {
      at = stringEnd(text, at) - 1;
      if (at < 0) break;
    } else if (code === 44) values++;
    else if (code === 58) values += NAME_COST;
    else if (code === 123 || code === 91) {
      values++;
      if (++depth > found.depth) found.depth = depth;
    } else if (code === 125 || code === 93) {
      if (--depth === 0) {
        found.end = at + 1;
        found.values = values;
        return found;
      }
    } else if (code <= 32) found.hasSpace = true;
  }
  found.end = -1;
  return found;
}

/** The offset of the first character at or after `i` that is not JSON's white space. */
export function skipSpace(text: string, i: number): number {
  let at = i;
  for (let code = text.charCodeAt(at); code === 32 || code === 10 || code === 13 || code === 9; code = text.charCodeAt(at)) at++;
  return at;
}

/** Removes white space outside strings from valid JSON. Literals such as 1.50 and 9007199254740993 stay as written. */
export function minify(text: string): string {
  const out = new Pieces();
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = stringEnd(text, i) - 1;
    else if (code <= 32) {
      out.add(text.slice(from, i));
      i = skipSpace(text, i);
      from = i--;
    }
  }
  return out.end(text.slice(from));
}

const bareWord = /(?:-?\bInfinity|\bNaN)\b/y;

/** NaN, Infinity and -Infinity outside strings (as pandas and Python's json write them) replaced by null; undefined if there are none. */
export function withoutNonFinite(text: string): string | undefined {
  const out = new Pieces();
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = stringEnd(text, i);
      if (end < 0) return undefined;
      i = end - 1;
    } else if (code === 78 || code === 73 || code === 45) {
      bareWord.lastIndex = i;
      const word = bareWord.exec(text)?.[0];
      if (word === undefined) continue;
      out.add(text.slice(from, i));
      out.add('null');
      from = i + word.length;
      i = from - 1;
    }
  }
  return from === 0 ? undefined : out.end(text.slice(from));
}

/** Joins pieces in groups: a string that is concatenated piece by piece takes 64 bytes for each piece until it is read. */
class Pieces {
  #pieces: string[] = [];
  #joined = '';

  add(piece: string): void {
    if (this.#pieces.push(piece) < 256) return;
    this.#joined += this.#pieces.join('');
    this.#pieces = [];
  }

  end(piece: string): string {
    this.#pieces.push(piece);
    return this.#joined + this.#pieces.join('');
  }
}

/** The literal of one member of a minified object, as written; undefined if there is none. The last of repeated names wins, as in JSON.parse. */
export function memberLiteral(object: string, name: string): string | undefined {
  let literal: string | undefined;
  for (let i = 1; i < object.length - 1; i++) {
    const nameEnd = stringEnd(object, i);
    const end = valueEnd(object, nameEnd + 1);
    if (JSON.parse(object.slice(i, nameEnd)) === name) literal = object.slice(nameEnd + 1, end);
    i = end;
  }
  return literal;
}
