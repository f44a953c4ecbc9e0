// What is peculiar to the library sax: its limits, its messages, and what its strict mode lets through.
import sax from 'sax';
import { Fault, HERE } from '../malformed.ts';

/** Characters of one comment, attribute or name; longer texts come in several pieces. Looked at once for each piece of the source. */
const BUFFER_LIMIT = 1 << 18;
(sax as { MAX_BUFFER_LENGTH?: number }).MAX_BUFFER_LENGTH = BUFFER_LIMIT;

/** What the parser holds besides what its types tell. */
interface Inside {
  tagName?: string;
  entity?: string;
}

/** A name of the source in a message, which must not be as long as the source. */
const cut = (name = ''): string => (name.length > 40 ? `${name.slice(0, 40)}...` : name);

const words: Readonly<Record<string, (inside: Inside, open: readonly string[]) => string>> = {
  'Unclosed root tag': early,
  'Unexpected end': early,
  'Unexpected close tag': ({ tagName }, open) => `</${cut(tagName)}> where </${open.at(-1)}> was expected.`,
  'Unmatched closing tag': ({ tagName }) => `</${cut(tagName)}> closes nothing.`,
  'Invalid character entity': ({ entity }) =>
    `&${cut(entity)}; is not known: there are &amp; &lt; &gt; &quot; &apos; and numbers like &#233;.`,
  'Invalid character in entity name': () => 'a & that begins no entity is written &amp;.',
  'Unencoded <': () => 'a < that begins no element is written &lt;.',
  'Text data outside of root node.': () => 'text outside of the root element.',
  'Non-whitespace before first tag.': () => 'this is not XML: expected < first.',
};

/** sax' message for what is wrong as a sentence of ours. `open`: names of the open elements. */
export function wordsFor(error: Error, inside: object, open: readonly string[]): string {
  const [message = ''] = error.message.split('\n');
  const known = words[message.replace(/: .*$/, '')];
  if (known !== undefined) return known(inside as Inside, open);
  const long = /^Max buffer length exceeded: (\w+)/.exec(message)?.[1];
  if (long !== undefined) return `longer than ${BUFFER_LIMIT.toLocaleString('en')} characters: ${long}.`;
  return `this is not well-formed XML: ${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.$/, '')}.`;
}

function early(_inside: Inside, open: readonly string[]): string {
  return `the data end early: ${open.length === 0 ? 'a tag or a comment is not complete' : `<${open.at(-1)}> is not closed`}.`;
}

/** What sax asks of a tag's attributes: whether one was there before; it would then pass over the second without a word. */
function hadBefore(this: object, name: string): boolean {
  if (Object.hasOwn(this, name)) throw new Fault(HERE, `the attribute ${name} is given twice.`);
  return false;
}

// Attributes called hasOwnProperty or __proto__ would break sax on a plain object.
const attributes = Object.create(null, { hasOwnProperty: { get: () => hadBefore, set: () => {} } }) as object;

/** Gives a tag that is about to be read a place for its attributes that is safe from their names. */
export function openAttributes(tag: { attributes: object }): void {
  tag.attributes = Object.create(attributes) as object;
}
