import { copyText } from '../copy-text.ts';
import type { Field, Nested } from '../row.ts';
import { fieldToken } from '../tokens.ts';
import type { Attribute } from './reader.ts';

/**
 * The content of an element, by the conventions of xmltodict: its text, '' if empty; or its members: attributes as "@name", elements by
 * name, a list for elements with the same name, and text beside them as "#text".
 */
export type Content = string | Members | Content[];
export type Members = Map<string, Content>;

/** An element that is open. */
export class OpenElement {
  readonly name: string;
  readonly members: Members;
  readonly attributes: number;
  /** child elements so far */
  children = 0;
  /** how many of them have children */
  composites = 0;
  #text = '';

  constructor(name: string, attributes: readonly Attribute[]) {
    this.name = name;
    this.members = new Map(attributes.map(([name, value]) => [`@${name}`, value]));
    this.attributes = attributes.length;
  }

  /** Whether it has no text so far. */
  get isBlank(): boolean {
    return this.#text === '';
  }

  text(text: string): void {
    this.#text += copyText(text);
  }

  content(): Content {
    const text = this.#text.trim();
    if (this.members.size === 0) return text;
    if (text !== '') this.members.set('#text', text);
    return this.members;
  }
}

export function addMember(members: Members, name: string, content: Content): void {
  const before = members.get(name);
  if (before === undefined) members.set(name, content);
  else if (Array.isArray(before)) before.push(content);
  else members.set(name, [before, content]);
}

/** Removes everything at `path` from the members and returns it in order; elements that become empty are removed too. */
export function takeOut(members: Members, path: readonly string[]): Content[] {
  const [name = '', ...rest] = path;
  const found = members.get(name);
  if (found === undefined) return [];
  const list = Array.isArray(found) ? found : [found];
  const taken = rest.length === 0 ? list : list.flatMap((one) => (one instanceof Map ? takeOut(one, rest) : []));
  const left = rest.length === 0 ? [] : list.filter((one) => !(one instanceof Map) || one.size > 0);
  if (left.length === 0) members.delete(name);
  else members.set(name, left.length === 1 ? (left[0] as Content) : left);
  return taken;
}

/** As a value of a row. */
export const fieldOf = (content: Content): Field => (typeof content === 'string' ? content : nested(content));

const nested = (content: Content): Nested => ({ json: tokenOf(content) });

function tokenOf(content: Content): string {
  if (typeof content === 'string') return fieldToken(content);
  if (Array.isArray(content)) return `[${content.map(tokenOf).join(',')}]`;
  return `{${[...content].map(([name, value]) => `${JSON.stringify(name)}:${tokenOf(value)}`).join(',')}}`;
}

/** The content as plain data: texts as in the source, null if empty, lists and objects. */
export function toPlainData(content: Content): unknown {
  if (typeof content === 'string') return content === '' ? null : content;
  if (Array.isArray(content)) return content.map(toPlainData);
  return Object.fromEntries([...content].map(([name, value]) => [name, toPlainData(value)]));
}
