import { Composer, type CST, type ParsedNode, Schema } from 'yaml';
import { Fault } from './malformed.ts';

// Scalars stay the texts they are: what they mean is decided in yaml-values.ts, which needs them as written. Whether keys repeat is
// looked at there too, because here it would take time in proportion to the square of their number.
const options = { schema: new Schema({ schema: 'failsafe' }), uniqueKeys: false, logLevel: 'silent' } as const;

/**
 * The nodes of a document's syntax tree, null for none. Throws a Fault where the tree breaks a rule of YAML. Of a tree from which
 * something was taken out (`isWhole` is false) it is not asked that keys be short: it would take the gap for a part of one.
 */
export function composed(token: CST.Document, isWhole = true): ParsedNode | null {
  for (const document of new Composer({ ...options, strict: isWhole }).compose([token])) {
    const [error] = document.errors;
    if (error !== undefined) throw new Fault(error.pos[0], notYaml(error.message));
    return document.contents;
  }
  return null;
}

/** The parser's words for what is wrong as a sentence of ours. */
export const notYaml = (message: string): string => `this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}.`;
