import { shown } from '@almanac/domain';
import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar } from 'yaml';
import { NON_FINITE } from '../json/record-row.ts';
import { Fault } from '../malformed.ts';
import { NOT_A_NUMBER, numberForm } from '../tokens.ts';

/** A value as JSON text, and the depth of its lists and objects. */
export interface Value {
  json: string;
  depth: number;
}

/** Why a record is rejected. Not an Error: there may be many, and a stack trace costs more than a record. */
export class BadRecord {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** Characters that aliases may expand to: in all records together, and in one record, which a few doublings would make huge. */
const ALIAS_LIMIT = 16 << 20;
const ALIAS_LIMIT_HERE = 1 << 20;

/** Characters that all anchors together may hold: they are kept for the aliases that follow. */
const ANCHOR_LIMIT = 4 << 20;

const MERGE = "'<<' is an ordinary name in YAML 1.2: nothing was merged.";

/**
 * Converts YAML nodes, in the order of the source, to JSON by the core schema of YAML 1.2. Numbers of JSON keep their literal; other texts
 * (dates, 007, 0x1F) stay as written. Anchors are remembered for the aliases that follow.
 */
export class YamlValues {
  readonly #notes: Set<string>;
  readonly #anchors = new Map<string, Value>();
  /** characters that aliases expanded to: so far, and in the current record */
  #aliased = 0;
  #aliasedHere = 0;
  #anchored = 0;

  constructor(notes: Set<string>) {
    this.#notes = notes;
  }

  /** Throws BadRecord for an invalid record, a Fault for invalid aliases. */
  record(node: ParsedNode | null): Value {
    this.#aliasedHere = 0;
    return this.#value(node);
  }

  /** Remembers the anchors of a node that is not a record. */
  learn(node: ParsedNode | null): void {
    try {
      this.record(node);
    } catch (error) {
      if (!(error instanceof BadRecord)) throw error;
    }
  }

  #value(node: ParsedNode | null): Value {
    if (node === null) return { json: 'null', depth: 0 };
    if (isAlias(node)) return this.#aliasValue(node.source, node.range[0]);
    const value = isMap(node) ? this.#map(node.items) : isSeq(node) ? this.#seq(node.items) : { json: this.#scalar(node), depth: 0 };
    if (node.anchor !== undefined) this.#remember(node.anchor, value, node.range[0]);
    return value;
  }

  #remember(anchor: string, value: Value, at: number): void {
    this.#anchored += anchor.length + value.json.length;
    if (this.#anchored > ANCHOR_LIMIT)
      throw new Fault(at, `the anchors of this body hold more than ${ANCHOR_LIMIT.toLocaleString('en')} characters.`);
    this.#anchors.set(anchor, value);
  }

  #map(pairs: readonly { key: unknown; value: unknown }[]): Value {
    const names = new Set<string>();
    const members: string[] = [];
    let depth = 0;
    for (const pair of pairs) {
      const name = nameOf(pair.key);
      if (names.has(name)) throw new BadRecord(`has the key ${shown(name)} more than once`);
      names.add(name);
      const value = this.#value(pair.value as ParsedNode | null);
      members.push(`${JSON.stringify(name)}:${value.json}`);
      depth = Math.max(depth, value.depth);
    }
    if (names.has('<<')) this.#notes.add(MERGE);
    return { json: `{${members.join(',')}}`, depth: depth + 1 };
  }

  #seq(items: readonly unknown[]): Value {
    const values = items.map((item) => this.#value(item as ParsedNode | null));
    const depth = values.reduce((deepest, value) => Math.max(deepest, value.depth), 0);
    return { json: `[${values.map(({ json }) => json).join(',')}]`, depth: depth + 1 };
  }

  #aliasValue(name: string, at: number): Value {
    const value = this.#anchors.get(name);
    if (value === undefined) throw new Fault(at, `*${name} refers to no anchor: there is no &${name} before it.`);
    this.#aliased += value.json.length;
    this.#aliasedHere += value.json.length;
    if (this.#aliasedHere > ALIAS_LIMIT_HERE || this.#aliased > ALIAS_LIMIT) {
      const [limit, where] = this.#aliasedHere > ALIAS_LIMIT_HERE ? [ALIAS_LIMIT_HERE, 'one record'] : [ALIAS_LIMIT, 'this body'];
      throw new Fault(at, `the aliases of ${where} expand to more than ${limit.toLocaleString('en')} characters.`);
    }
    return value;
  }

  #scalar(node: Scalar.Parsed): string {
    const text = node.source ?? '';
    if (node.type !== 'PLAIN') return JSON.stringify(text);
    if (numberForm(text) !== NOT_A_NUMBER) return text;
    if (/^(~|null|Null|NULL|)$/.test(text)) return 'null';
    if (/^(true|True|TRUE|false|False|FALSE)$/.test(text)) return text.toLowerCase();
    if (/^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/.test(text)) {
      this.#notes.add(NON_FINITE);
      return 'null';
    }
    return JSON.stringify(text);
  }
}

function nameOf(key: unknown): string {
  if (isScalar(key)) return key.source ?? '';
  throw new BadRecord('has a key that is a list, a mapping or an alias');
}
