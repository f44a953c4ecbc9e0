import { Composer, type CST, type ParsedNode, Schema } from 'yaml';
import { Fault } from '../malformed.ts';
import { withoutStackTraces } from '../stack-traces.ts';

// Scalars stay texts: values.ts needs them as written. It also finds repeated keys, because the library takes quadratic time for it.
const options = { schema: new Schema({ schema: 'failsafe' }), uniqueKeys: false, logLevel: 'silent' } as const;

/**
 * Composes the nodes of a document's syntax tree; null if it is empty. Throws a Fault for the first error. `isWhole`: false if parts were
 * removed from the tree; then the length of keys is not checked, because a gap would count as part of a key.
 */
export function composed(token: CST.Document, isWhole = true): ParsedNode | null {
  // The library collects every error, and there may be thousands.
  const [document] = withoutStackTraces(() => [...new Composer({ ...options, strict: isWhole }).compose([token])]);
  const [error] = document?.errors ?? [];
  if (error !== undefined) throw new Fault(error.pos[0], notYaml(error.message));
  return document?.contents ?? null;
}

/** A sentence for an error of the parser. */
export const notYaml = (message: string): string => `this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}.`;
