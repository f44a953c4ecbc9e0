import { hash } from 'node:crypto';
import type { Process } from './process.ts';

/** The names of members as JSON writes them: the same few come again with every job. Those that callers invent are not all kept. */
const quoted = new Map<string, string>();
const KEPT_NAMES = 1000;

function quote(name: string): string {
  const known = quoted.get(name);
  if (known !== undefined) return known;
  const made = JSON.stringify(name);
  if (quoted.size < KEPT_NAMES) quoted.set(name, made);
  return made;
}

/** JSON with the members of every object in order of their names: equal values have equal texts (after RFC 8785). */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  let members = '';
  for (const name of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) members += `${members === '' ? '' : ','}${quote(name)}:${canonicalJson(member)}`;
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
