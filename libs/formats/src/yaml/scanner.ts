import { loadLimits } from '@almanac/domain';
import { CST, Lexer, type ParsedNode, Parser } from 'yaml';
import { Records } from '../json/record-row.ts';
import { Fault, HERE, LimitFault } from '../malformed.ts';
import { type Batch, isFull, newBatch, reject } from '../row.ts';
import { composed, notYaml } from './compose.ts';
import { type FoundList, findList } from './list.ts';
import { BadRecord, YamlValues } from './values.ts';

type BlockList = CST.BlockSequence;

/** The list of records while the parser reads it, with its depth in the parser's stack. */
interface OpenList {
  token: BlockList;
  depth: number;
  name: string;
}

/** Maximum depth of the mappings around the list of records. */
const WRAPPER_LIMIT = 16;

/** Characters of one text. The library concatenates quoted texts character by character, which takes 32 bytes for each. */
const TEXT_LIMIT = 1 << 18;

/** Characters passed to the library at a time: it reads an incomplete text again with each piece. */
const PIECE = TEXT_LIMIT;

/** Tokens that are read for one batch. */
const BATCH = 250;

/** Tokens after which complete records are taken, so that small ones are taken together. */
const TAKEN = 500;

/** The parser may still change the last items of an incomplete list. */
const KEPT = 2;

/**
 * Reads the records of YAML text while it is parsed: complete items of the list of records are removed from the syntax tree, so the tree
 * holds only a few records. (The whole tree takes 50 times the text, its nodes another 20 times.)
 */
export class YamlScanner {
  readonly #text: string;
  readonly #notes: Set<string>;
  readonly #parser = new Parser();
  readonly #lexemes: Iterator<string | undefined>;
  readonly #values: YamlValues;
  readonly #records: Records;
  /** whether there are several documents, which are then the records */
  readonly #isSeveral: boolean;
  #batch = newBatch('');
  #list: OpenList | undefined;
  #row = 0;
  #tokens = 0;
  #isInScalar = false;
  #isDone = false;

  constructor(text: string, notes: Set<string>, isSeveral: boolean) {
    this.#text = text;
    this.#notes = notes;
    this.#lexemes = lexemes(text);
    this.#values = new YamlValues(notes);
    this.#records = new Records(notes);
    this.#isSeveral = isSeveral;
  }

  /** The next rows, maybe none; undefined at the end. Throws a Fault. */
  next(): Batch | undefined {
    if (this.#isDone) return undefined;
    this.#batch = newBatch('');
    for (let i = 0; i < BATCH && !isFull(this.#batch, 0); i++) {
      const { done, value } = this.#lexemes.next();
      if (done === true) {
        this.#take(this.#parser.end());
        this.#isDone = true;
        break;
      }
      if (value === undefined) break;
      this.#check(value);
      this.#take(this.#parser.next(value));
      if (!this.#isSeveral) this.#takeRecords();
    }
    return this.#batch;
  }

  #check(lexeme: string): void {
    const { offset, stack } = this.#parser;
    if (!this.#isInScalar && lexeme.startsWith('!')) {
      throw new Fault(offset, `tags are not supported: remove ${JSON.stringify(lexeme.slice(0, 40))}, and quote values that must be text.`);
    }
    this.#isInScalar = lexeme === CST.SCALAR;
    if (lexeme.length > TEXT_LIMIT) {
      throw new Fault(offset, textTooLong);
    }
    const { depth, yamlTokens } = loadLimits;
    if (stack.length > depth.value) throw new LimitFault(offset, depth, stack.length, 'a value is nested too deeply');
    if (++this.#tokens > yamlTokens.value) {
      const what = 'one record, or everything beside the list of records, has too many YAML tokens';
      throw new LimitFault(offset, yamlTokens, this.#tokens, what, 'Send it as JSON.');
    }
  }

  /** Takes complete documents. */
  #take(tokens: Iterable<CST.Token>): void {
    for (const token of tokens) {
      if (token.type === 'error') throw new Fault(token.offset, notYaml(token.message));
      if (token.type !== 'document') continue;
      if (this.#isSeveral) this.#addDocument(token);
      else this.#endDocument(token);
      this.#tokens = 0;
    }
  }

  #addDocument(token: CST.Document): void {
    if (token.value !== undefined) this.#add(composed(token));
  }

  /** Takes the complete records of the open list. */
  #takeRecords(): void {
    const { stack } = this.#parser;
    this.#list ??= this.#openList(stack);
    if (this.#list === undefined || stack[this.#list.depth] !== this.#list.token) return;
    const { token } = this.#list;
    if (this.#tokens >= TAKEN) this.#addItems(token, token.items.length - KEPT);
  }

  /** Removes the first `count` items from the list and adds them as records. */
  #addItems(list: BlockList, count: number): void {
    if (count <= 0) return;
    const items = list.items.splice(0, count);
    this.#tokens = 0;
    const seq = composed({ type: 'document', offset: list.offset, start: [], value: { ...list, items } });
    // To the parser, a comment between items is an item.
    for (const node of (seq as { items?: ParsedNode[] }).items ?? []) this.#add(node);
  }

  /** The list of records, if it is open and has enough items. */
  #openList(stack: readonly CST.Token[]): OpenList | undefined {
    for (let depth = 1; depth < stack.length && depth <= WRAPPER_LIMIT; depth++) {
      const token = stack[depth] as CST.Token;
      if (token.type === 'block-map') continue;
      if (token.type !== 'block-seq' || token.items.length <= KEPT) return undefined;
      const first = token.items.find(({ value }) => value !== undefined)?.value;
      if (depth > 1 && !isMapping(first)) return undefined;
      const around = stack.slice(1, depth) as CST.BlockMap[];
      for (const map of around) this.#learn(map);
      const { key } = around.at(-1)?.items.at(-1) ?? {};
      return { token, depth, name: key !== undefined && key !== null && 'source' in key ? key.source : '' };
    }
    return undefined;
  }

  /** Remembers the anchors before the list, which it may refer to. */
  #learn(map: CST.BlockMap): void {
    const items = map.items.slice(0, -1);
    if (items.length > 0) this.#values.learn(composed({ type: 'document', offset: map.offset, start: [], value: { ...map, items } }));
  }

  #endDocument(token: CST.Document): void {
    if (token.value === undefined) return;
    const list = this.#list;
    if (list !== undefined) this.#addItems(list.token, list.token.items.length);
    const root = composed(token, list === undefined);
    const found: FoundList = findList(root, this.#values, list?.name);
    if (list === undefined) {
      for (const node of found.items ?? []) this.#add(node);
      if (found.items === undefined && !found.hasEmpty) {
        throw new Fault(
          token.offset,
          `there is no list of records in this document: ${EXPECTED}. Send a single record as a list of one item.`,
        );
      }
    }
    for (const other of found.others) {
      this.#notes.add(`The body has more than one list of mappings: '${list?.name ?? found.name}' was loaded, '${other}' was not.`);
    }
  }

  #add(node: ParsedNode | null): void {
    const row = ++this.#row;
    const raw = () => (node === null ? '' : this.#text.slice(node.range[0], node.range[1]));
    try {
      const { json, depth } = this.#values.record(node);
      const kind = kinds[json.charAt(0)] ?? 'a number';
      if (kind === MAPPING) this.#records.add(this.#batch, row, json, { end: json.length, hasSpace: false, depth, values: 0 });
      else this.#batch.rejects.push(reject(row, `is ${kind}, not a mapping`, raw()));
    } catch (error) {
      if (error instanceof LimitFault && error.offset === HERE) throw error.at(node?.range[0] ?? 0);
      if (!(error instanceof BadRecord)) throw error;
      this.#batch.rejects.push(reject(row, error.message, raw()));
    }
  }
}

/**
 * Yields the lexemes of a text, and undefined after each piece. Throws a Fault if more than a piece has none: it is part of a text that is
 * too long.
 */
function* lexemes(text: string): Generator<string | undefined> {
  const lexer = new Lexer();
  let waiting = 0;
  for (let at = 0; at < text.length; at += PIECE) {
    waiting += PIECE;
    for (const lexeme of lexer.lex(text.slice(at, at + PIECE), at + PIECE < text.length)) {
      waiting = 0;
      yield lexeme;
    }
    if (waiting > TEXT_LIMIT) throw new Fault(at, textTooLong);
    yield undefined;
  }
}

const textTooLong = `a string is longer than ${TEXT_LIMIT.toLocaleString('en')} characters. Send such data as JSON.`;

const EXPECTED = 'expected a list of mappings, "- name: Ruiz", or a mapping that holds one';

const MAPPING = 'a mapping';
const kinds: Readonly<Record<string, string>> = {
  '{': MAPPING,
  '[': 'a list',
  '"': 'a string',
  t: 'a boolean',
  f: 'a boolean',
  n: 'null',
};

const isMapping = (token: CST.Token | undefined): boolean =>
  token?.type === 'block-map' || (token?.type === 'flow-collection' && token.start.source === '{');
