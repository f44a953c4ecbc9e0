import { hash } from 'node:crypto';
import type { Process } from './process.ts';

/** Text that needs no escapes in JSON. */
const plain = /^[\w .:/+-]*$/;
const quoted = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));

/** JSON with the members of every object in order of their names: equal values have equal texts (after RFC 8785). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  let members = '';
  for (const name of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) members += `${members === '' ? '' : ','}${quoted(name)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

export interface Content {
  process: Pick<Process, 'id' | 'version'>;
  /** resolved inputs */
  inputs: Readonly<Record<string, unknown>>;
  /** of the data set */
  digest: string;
  outputs: readonly string[];
}

/**
 * SHA-256 (hex) of what a job computes: jobs of the same hash have the same results. The data set counts by its digest, not by the
 * name of its version: the same content loaded again is the same content.
 */
export function contentHash({ process, inputs: { version: _, ...inputs }, digest, outputs }: Content): string {
  const content = { process: process.id, version: process.version, inputs, digest, outputs: [...outputs].sort() };
  return hash('sha256', canonicalJson(content));
}
