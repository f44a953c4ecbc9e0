import { stringEnd } from '@almanac/domain';
import { checkName } from '../column-names.ts';
import { copyText } from '../copy-text.ts';
import type { Format, ParseOptions } from '../format.ts';
import { Fault, LimitFault } from '../malformed.ts';
import { type Batch, isFull } from '../row.ts';
import { type Scanner, scan } from '../scan.ts';
import { decodeUtf8 } from '../utf8.ts';
import { beginsWithObject, type Outline, outline, skipSpace } from './json-text.ts';
import { checkOutline, NotJson, Records } from './record-row.ts';

/** Maximum depth of the objects around the list of records. */
const WRAPPER_LIMIT = 16;

const LIST = '[';
const EXPECTED = 'expected a list of objects, [{...}, ...], or an object that holds one, {"name": [{...}, ...]}';

/** What is expected next. */
type State = 'start' | 'member' | 'value' | 'afterValue' | 'element' | 'afterElement' | 'end';

/** Returned in place of an offset if more text is needed. */
const MORE = -1;

/**
 * Walks through the objects around the list of records, then cuts the list into the texts of its records.
 * Members beside the list (a response header, a count) are skipped.
 */
class ListScanner implements Scanner {
  readonly #notes: Set<string>;
  readonly #records: Records;
  #state: State = 'start';
  /** names of the members whose objects are open; the root's is '' */
  readonly #wrappers: string[] = [];
  #name = '';
  /** whether the open list or object is still empty, so that `}` or `]` may follow */
  #isFirst = true;
  #list: string | undefined;
  #emptyList: string | undefined;
  #row = 0;

  constructor(notes: Set<string>) {
    this.#notes = notes;
    this.#records = new Records(notes);
  }

  take(text: string, from: number, isEnd: boolean, batch: Batch): number {
    let done = from;
    for (;;) {
      if (isFull(batch, done - from)) return done;
      const at = skipSpace(text, done);
      const next = at < text.length ? this.#step(text, at, batch, isEnd) : MORE;
      if (next === MORE) {
        if (isEnd && !this.#isComplete(text, at)) throw new Fault(text.length, `the data ends early: ${this.#missing()}.`);
        return isEnd ? text.length : done;
      }
      done = next;
    }
  }

  /** White space alone is complete: the caller rejects a body without records. */
  #isComplete(text: string, at: number): boolean {
    return at === text.length && (this.#state === 'end' || this.#state === 'start');
  }

  #step(text: string, at: number, batch: Batch, isEnd: boolean): number {
    switch (this.#state) {
      case 'start':
        return this.#start(text, at);
      case 'member':
        return this.#member(text, at);
      case 'value':
        return this.#value(text, at, isEnd);
      case 'afterValue':
        return this.#afterValue(text, at);
      case 'element':
        return this.#element(text, at, batch, isEnd);
      case 'afterElement':
        return this.#afterElement(text, at);
      case 'end':
        throw new Fault(at, `unexpected text after the end of the data: ${sample(text, at)}.`);
    }
  }

  #start(text: string, at: number): number {
    if (text[at] === LIST) return this.#enterList('', at);
    if (text[at] === '{') return this.#enterObject('', at);
    throw new Fault(at, `this is not a list of records: ${EXPECTED}, found ${sample(text, at)}.`);
  }

  #enterList(name: string, at: number): number {
    this.#list = name;
    this.#state = 'element';
    this.#isFirst = true;
    return at + 1;
  }

  #enterObject(name: string, at: number): number {
    if (this.#wrappers.length >= WRAPPER_LIMIT) throw new Fault(at, `the list of records is nested in more than ${WRAPPER_LIMIT} objects.`);
    this.#wrappers.push(name);
    this.#state = 'member';
    this.#isFirst = true;
    return at + 1;
  }

  /** A member's name and colon, or the end of the object. */
  #member(text: string, at: number): number {
    if (text[at] === '}' && this.#isFirst) return this.#leave(at);
    if (text[at] !== '"') throw new Fault(at, `expected a member name in quotes, found ${sample(text, at)}.`);
    const end = stringEnd(text, at);
    const colon = end === MORE ? MORE : skipSpace(text, end);
    if (colon === MORE || colon === text.length) return MORE;
    if (text[colon] !== ':') throw new Fault(colon, `expected : after a member name, found ${sample(text, colon)}.`);
    checkName(text.slice(at + 1, end - 1), at);
    this.#name = copyText(parseAt(text, at, end) as string);
    this.#state = 'value';
    this.#isFirst = false;
    return colon + 1;
  }

  #value(text: string, at: number, isEnd: boolean): number {
    if (text[at] === '{' && this.#list === undefined) return this.#enterObject(this.#name, at);
    if (text[at] === LIST) {
      const first = skipSpace(text, at + 1);
      if (first === text.length) return MORE;
      if (text[first] === ']') this.#emptyList ??= this.#name;
      if (text[first] === '{') {
        if (this.#list === undefined) return this.#enterList(this.#name, at);
        this.#notes.add(`The body has more than one list of objects: '${this.#list}' was loaded, '${this.#name}' was not.`);
      }
    }
    return this.#passOver(text, at, isEnd, 'afterValue');
  }

  #passOver(text: string, at: number, isEnd: boolean, state: State): number {
    const shape = shapeAt(text, at);
    const end = shape === undefined ? valueEnd(text, at, isEnd) : shape.end;
    if (end === MORE) return MORE;
    if (shape !== undefined) checkOutline(shape, () => `the value of '${this.#name}'`, at);
    parseAt(text, at, end);
    this.#state = state;
    return end;
  }

  #afterValue(text: string, at: number): number {
    if (text[at] === '}') return this.#leave(at);
    if (text[at] !== ',') throw new Fault(at, `expected , or } after the value of '${this.#name}', found ${sample(text, at)}.`);
    this.#state = 'member';
    return at + 1;
  }

  /** Closes the innermost open object. */
  #leave(at: number): number {
    this.#wrappers.pop();
    this.#state = this.#wrappers.length === 0 ? 'end' : 'afterValue';
    if (this.#state === 'end' && this.#list === undefined && this.#emptyList === undefined) {
      throw new Fault(at, `there is no list of records in this object: ${EXPECTED}. Send a single record as [{...}].`);
    }
    return at + 1;
  }

  #element(text: string, at: number, batch: Batch, isEnd: boolean): number {
    if (text[at] === ']' && this.#isFirst) return this.#leaveList(at);
    const shape = shapeAt(text, at);
    const end = shape === undefined ? valueEnd(text, at, isEnd) : shape.end;
    if (end === MORE) return MORE;
    try {
      this.#records.add(batch, this.#row + 1, text.slice(at, end), shape);
    } catch (error) {
      if (error instanceof LimitFault) throw error.at(at);
      if (error instanceof NotJson) throw new Fault(at + error.offset, `record ${this.#row + 1} is not JSON: ${error.message}.`);
      throw error;
    }
    this.#row++;
    this.#isFirst = false;
    this.#state = 'afterElement';
    return end;
  }

  #afterElement(text: string, at: number): number {
    if (text[at] === ']') return this.#leaveList(at);
    if (text[at] !== ',') throw new Fault(at, `expected , or ] after record ${this.#row}, found ${sample(text, at)}.`);
    this.#state = 'element';
    return at + 1;
  }

  #leaveList(at: number): number {
    this.#state = this.#wrappers.length === 0 ? 'end' : 'afterValue';
    return at + 1;
  }

  #missing(): string {
    if (this.#state === 'start') return EXPECTED;
    if (this.#state === 'element') return `expected a record or ] after record ${this.#row}`;
    if (this.#state === 'afterElement') return `expected , or ] after record ${this.#row}`;
    return `expected the rest of the object after '${this.#name}'`;
  }
}

/** The outline of the list or object at `at`; undefined for any other value. */
const shapeAt = (text: string, at: number): Outline | undefined => (text[at] === '{' || text[at] === LIST ? outline(text, at) : undefined);

/** The offset after a value that is no list or object, or MORE: a number at the end of the text may go on. */
function valueEnd(text: string, at: number, isEnd: boolean): number {
  const c = text[at] as string;
  if (c === '"') return stringEnd(text, at);
  let end = at;
  while (end < text.length && !',]} \n\r\t'.includes(text[end] as string)) end++;
  if (end === at) throw new Fault(at, `expected a value, found ${sample(text, at)}.`);
  return end === text.length && !isEnd ? MORE : end;
}

function parseAt(text: string, at: number, end: number): unknown {
  try {
    return JSON.parse(text.slice(at, end));
  } catch (error) {
    const { offset, message } = new NotJson(error);
    throw new Fault(at + offset, `this is not JSON: ${message}.`);
  }
}

const sample = (text: string, at: number): string => JSON.stringify(text.slice(at, at + 20));

/** A list of objects, at the root or inside objects: [{...}], {"data": [{...}]}, {"response": {"docs": [{...}]}}. */
export const json: Format = {
  id: 'json',
  title: 'JSON: a list of objects, or an object that holds one',
  mediaTypes: ['application/json'],
  extensions: ['.json', '.geojson'],
  openapi: {
    schema: { type: ['array', 'object'], description: 'a list of objects, or an object that holds one' },
    example: [{ name: 'Aachen', year: 1880 }],
  },
  looksLike: (start) => /^\[\s*(["{[\d\-tfnNI\]]|$)/.test(start) || beginsWithObject(start),
  contradicts: ({ id, first }) => id === 'ndjson' || !'[{'.includes(first),
  parse: (bytes, { notes }: ParseOptions) => scan(decodeUtf8(bytes), new ListScanner(notes)),
};
