// Peculiarities of the library sax: its limits, its messages, and errors that its strict mode accepts.
import sax from 'sax';
import { Fault, HERE } from '../malformed.ts';

/** Characters of one comment, attribute or name; longer texts are divided. Checked once for each piece of the source. */
const BUFFER_LIMIT = 1 << 18;
(sax as { MAX_BUFFER_LENGTH?: number }).MAX_BUFFER_LENGTH = BUFFER_LIMIT;

/** Members of the parser that its types lack. */
interface ParserState {
  tagName?: string;
  entity?: string;
}

/** A name in a message: it may be as long as the source. */
const cut = (name = ''): string => (name.length > 40 ? `${name.slice(0, 40)}...` : name);

const words: Readonly<Record<string, (inside: ParserState, open: readonly string[]) => string>> = {
  'Unclosed root tag': early,
  'Unexpected end': early,
  'Unexpected close tag': ({ tagName }, open) => `expected </${open.at(-1)}>, found </${cut(tagName)}>.`,
  'Unmatched closing tag': ({ tagName }) => `</${cut(tagName)}> has no opening tag.`,
  'Invalid character entity': ({ entity }) =>
    `the entity &${cut(entity)}; is unknown. Allowed: &amp; &lt; &gt; &quot; &apos; and numbers like &#233;.`,
  'Invalid character in entity name': () => 'a & that does not begin an entity must be written as &amp;.',
  'Unencoded <': () => 'a < that does not begin an element must be written as &lt;.',
  'Text data outside of root node.': () => 'text outside of the root element.',
  'Non-whitespace before first tag.': () => 'this is not XML: expected < at the beginning.',
};

/** Our sentence for an error of sax. `open`: names of the open elements. */
export function describeSaxError(error: Error, inside: object, open: readonly string[]): string {
  const [message = ''] = error.message.split('\n');
  const known = words[message.replace(/: .*$/, '')];
  if (known !== undefined) return known(inside as ParserState, open);
  const long = /^Max buffer length exceeded: (\w+)/.exec(message)?.[1];
  if (long !== undefined) return `${long} is longer than ${BUFFER_LIMIT.toLocaleString('en')} characters.`;
  return `this is not well-formed XML: ${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.$/, '')}.`;
}

function early(_inside: ParserState, open: readonly string[]): string {
  return `the data ends early: ${open.length === 0 ? 'a tag or a comment is not complete' : `<${open.at(-1)}> is not closed`}.`;
}

/** Called by sax to find out whether a tag has an attribute already; it would silently skip the second one. */
function hadBefore(this: object, name: string): boolean {
  if (Object.hasOwn(this, name)) throw new Fault(HERE, `the attribute ${name} occurs twice.`);
  return false;
}

// On a plain object, attributes called hasOwnProperty or __proto__ would break sax.
const attributes = Object.create(null, { hasOwnProperty: { get: () => hadBefore, set: () => {} } }) as object;

/** Gives a tag an object for its attributes that is safe from their names. */
export function openAttributes(tag: { attributes: object }): void {
  tag.attributes = Object.create(attributes) as object;
}
