import type { Format } from '../format.ts';
import { looksLikeYaml } from './looks-like.ts';
import { readYaml } from './reader.ts';

/**
 * A list of mappings, or mappings that hold one: `landings:\n- name: Ruiz\n  id: 1`; or several documents, each a mapping and a
 * record. YAML 1.2 by its core schema, so yes is a text and << an ordinary name. Tags are not supported.
 */
export const yaml: Format = {
  id: 'yaml',
  title: 'YAML: a list of mappings, or a mapping that holds one',
  mediaTypes: ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'],
  extensions: ['.yaml', '.yml'],
  openapi: { schema: {} },
  looksLike: looksLikeYaml,
  // JSON is YAML too.
  contradicts: ({ id }) => id === 'xml' || id === 'oem' || id === 'ndjson',
  parse: (bytes, options) => readYaml(bytes, options),
};
