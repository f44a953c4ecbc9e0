import { Composer, type CST, type ParsedNode, Schema } from 'yaml';
import { Fault } from '../malformed.ts';

// Scalars stay the texts they are: what they mean is decided in values.ts, which needs them as written. Whether keys repeat is
// looked at there too, because here it would take time in proportion to the square of their number.
const options = { schema: new Schema({ schema: 'failsafe' }), uniqueKeys: false, logLevel: 'silent' } as const;

/**
 * The nodes of a document's syntax tree, null for none. Throws a Fault where the tree breaks a rule of YAML. Of a tree from which
 * something was taken out (`isWhole` is false) it is not asked that keys be short: it would take the gap for a part of one.
 */
export function composed(token: CST.Document, isWhole = true): ParsedNode | null {
  // By itself the library gathers every mistake: a text of nothing else would keep it busy for seconds.
  const composer = new Composer({ ...options, strict: isWhole });
  Object.assign(composer, { onError: failAtFirst() });
  for (const document of composer.compose([token])) {
    const [error] = document.errors;
    if (error !== undefined) throw new Fault(error.pos[0], notYaml(error.message));
    return document.contents;
  }
  return null;
}

/** A place in the source: an offset, a range that begins with one, or a token. */
type Place = number | readonly [number, ...number[]] | { offset: number };

/** Throws the first mistake, and that one again where the library catches it and tells of it as another. */
function failAtFirst() {
  let first: Fault | undefined;
  return (place: Place, _code: string, message: string, isWarning?: boolean): void => {
    if (isWarning === true) return;
    const offset = typeof place === 'number' ? place : 'offset' in place ? place.offset : place[0];
    first ??= new Fault(offset, notYaml(message));
    throw first;
  };
}

/** The parser's words for what is wrong as a sentence of ours. */
export const notYaml = (message: string): string => `this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}.`;
