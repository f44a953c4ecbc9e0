import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import type { YamlValues } from './values.ts';

export interface FoundList {
  /** undefined if there is no list of records */
  items: readonly ParsedNode[] | undefined;
  name: string;
  /** names of further lists of mappings */
  others: string[];
  /** whether there is a list without items */
  hasEmpty: boolean;
}

/**
 * Finds the list of records in a document: its root, or the first list of mappings inside mappings. If it was `taken` already, under that
 * name, only further lists are searched for. Remembers the anchors before the list, because records may refer to them.
 */
export function findList(root: ParsedNode | null, values: YamlValues, taken?: string): FoundList {
  const found: FoundList = { items: undefined, name: taken ?? '', others: [], hasEmpty: false };
  if (isSeq(root)) found.items = root.items as ParsedNode[];
  else look(root, '', found, values, taken !== undefined);
  return found;
}

function look(node: ParsedNode | null, name: string, found: FoundList, values: YamlValues, isTaken: boolean): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      look(value as ParsedNode | null, isScalar(key) ? (key.source ?? '') : '', found, values, isTaken);
    }
    if (node.anchor === undefined) return;
  } else if (isSeq(node)) {
    found.hasEmpty ||= node.items.length === 0;
    if (isMap(node.items[0])) {
      if (isTaken || found.items !== undefined) found.others.push(name);
      else {
        found.items = node.items as ParsedNode[];
        found.name = name;
        return;
      }
    }
  }
  if (found.items === undefined && !isTaken) values.learn(node);
}
