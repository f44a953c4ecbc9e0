import { loadLimits } from '@almanac/domain';
import { FieldsRow, Header } from '../fields-row.ts';
import type { ParseOptions } from '../format.ts';
import { dropMetadata } from '../limit-metadata.ts';
import { Fault, HERE, LimitFault } from '../malformed.ts';
import { type Batch, reject } from '../row.ts';
import { addMember, type Content, fieldOf, type Members, OpenElement, takeOut, toPlainData } from './element.ts';
import type { Attribute, XmlHandler } from './reader.ts';
import { type Path, RecordSearch } from './search.ts';

const EXPECTED = 'expected elements that contain elements, <data><record><name>..</name></record>..</data>';

/** Memory of an element or attribute in addition to its text, in characters. */
const COST = 50;

/** If the records are not certain after this many characters, the best guess is used. */
const FIRST_TRY = 1 << 20;

/** Maximum number of notes on other lists. */
const NAMED_LISTS = 5;

/** Finds the path of the records and turns the elements at it into rows. The rest of the document becomes `metadata`. */
export class RecordFinder implements XmlHandler {
  readonly #options: ParseOptions;
  readonly #open: OpenElement[] = [];
  /** set until the path is known; until then, everything is kept */
  #search: RecordSearch | undefined = new RecordSearch();
  #path: Path = [];
  /** how many of the open elements are on the path, from the root */
  #onPath = 0;
  #header = new Header([]);
  #row = 0;
  #otherLists = 0;
  /** characters kept during the search for the path, or of the open record */
  #held = 0;
  #nextTry = FIRST_TRY;
  #metadataLength = 0;

  constructor(options: ParseOptions) {
    this.#options = options;
  }

  get held(): number {
    return this.#held;
  }

  open(name: string, attributes: readonly Attribute[]): void {
    const depth = this.#open.length;
    if (this.#search === undefined && this.#onPath === depth && this.#path[depth] === name) this.#onPath++;
    this.#open.push(new OpenElement(name, attributes));
    let length = name.length + COST;
    for (const [key, value] of attributes) length += key.length + value.length + COST;
    this.#keep(length);
  }

  text(text: string): void {
    const element = this.#open.at(-1) as OpenElement;
    // Indentation would be trimmed at the end; large documents have much of it.
    if (element.isBlank && !/\S/.test(text)) return;
    if (this.#keep(text.length)) element.text(text);
  }

  close(name: string, batch: Batch): void {
    const element = this.#open.pop() as OpenElement;
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#closeRoot(element, batch);
    else if (this.#isRecord(this.#open.length + 1)) this.#add(element.content(), batch);
    else this.#closeInner(element, parent, name, batch);
    if (this.#onPath > this.#open.length) this.#onPath = this.#open.length;
  }

  end(): void {}

  /** Whether the innermost of `depth` open elements is a record. */
  #isRecord(depth: number): boolean {
    return this.#search === undefined && this.#onPath === depth && this.#path.length === depth;
  }

  /** Whether the innermost open element is a record or inside one. */
  get #isInRecord(): boolean {
    return this.#onPath === this.#path.length;
  }

  /** Whether the metadata exceeds its limit: then nothing more of it is kept. */
  get #isTooMuch(): boolean {
    return this.#metadataLength > loadLimits.metadataBytes.value;
  }

  /** Counts characters. Returns whether to keep them. */
  #keep(length: number): boolean {
    if (this.#search === undefined && !this.#isInRecord) {
      this.#metadataLength += length;
      return !this.#isTooMuch;
    }
    this.#held += length;
    const limit = loadLimits.rowBytes;
    if (this.#held <= limit.value) return true;
    const what = this.#search === undefined ? `record ${this.#row + 1} is too long` : 'no records were found so far';
    throw new LimitFault(HERE, limit, this.#held, `${what} (each element and attribute counts ${COST} bytes in addition to its text)`);
  }

  #closeInner(element: OpenElement, parent: OpenElement, name: string, batch: Batch): void {
    const isWrapper = this.#search === undefined && element.members.size === 0 && this.#onPath > this.#open.length;
    parent.children++;
    if (element.children > 0) parent.composites++;
    const isKept = this.#search !== undefined || this.#isInRecord || !this.#isTooMuch;
    if (isKept && !isWrapper) addMember(parent.members, name, element.content());
    if (this.#search !== undefined) this.#look(this.#search, element, parent, batch);
    else if (!this.#isInRecord && element.children > 0 && Array.isArray(parent.members.get(name))) this.#noteOtherList(name);
  }

  #look(search: RecordSearch, element: OpenElement, parent: OpenElement, batch: Batch): void {
    const pathOf = () => [...this.#open.map(({ name }) => name), element.name];
    const isFinal = search.closed(element, parent, pathOf);
    if (!isFinal && this.#held <= this.#nextTry) return;
    if (!isFinal) this.#nextTry *= 2;
    const path = search.best();
    if (path !== undefined) this.#found(path, batch);
  }

  /** The path is known: turns what was kept into rows and metadata. */
  #found(path: Path, batch: Batch): void {
    this.#search = undefined;
    this.#path = path;
    this.#held = 0;
    const open = this.#open;
    while (this.#onPath < open.length && open[this.#onPath]?.name === path[this.#onPath]) this.#onPath++;
    for (let depth = 1; depth <= Math.min(this.#onPath, path.length - 1); depth++) {
      for (const content of takeOut((open[depth - 1] as OpenElement).members, path.slice(depth))) this.#add(content, batch);
    }
    this.#options.notes.add(`The records are the elements ${pathText(path)}.`);
  }

  #closeRoot(root: OpenElement, batch: Batch): void {
    this.#search?.rootClosed(root);
    if (this.#search !== undefined) this.#lastLook(this.#search, root, batch);
    if (this.#path.length === 1) this.#add(root.content(), batch);
    else this.#fillMetadata(root);
  }

  /** The document is complete and no element in it is repeated. */
  #lastLook(search: RecordSearch, root: OpenElement, batch: Batch): void {
    const path = search.best();
    if (path !== undefined) {
      this.#open.push(root);
      this.#found(path, batch);
      this.#open.pop();
    } else if (root.content() !== '') throw new Fault(HERE, `there are no records in this document: ${EXPECTED}.`);
  }

  #fillMetadata(root: OpenElement): void {
    const content = root.content();
    if (this.#isTooMuch) dropMetadata(this.#options);
    else if (content instanceof Map) this.#fill(content);
  }

  #fill(content: Members): void {
    // Not assigned: an element may be called __proto__.
    for (const [name, value] of content)
      Object.defineProperty(this.#options.metadata, name, {
        value: toPlainData(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
  }

  #add(content: Content, batch: Batch): void {
    this.#row++;
    this.#held = 0;
    if (content instanceof Map) batch.rows.push(this.#rowOf(content));
    else if (content === '') batch.rejects.push(reject(this.#row, 'is an empty element', `<${this.#path.at(-1)}/>`));
    else batch.rejects.push(reject(this.#row, 'is an element with only text, without elements or attributes', String(content)));
  }

  #rowOf(members: Members): FieldsRow {
    if (!isSame(this.#header.names, members)) this.#header = new Header([...members.keys()]);
    return new FieldsRow(this.#row, this.#header, [...members.values()].map(fieldOf));
  }

  #noteOtherList(name: string): void {
    if (++this.#otherLists > NAMED_LISTS) return;
    const path = pathText([...this.#open.map(({ name }) => name), name]);
    this.#options.notes.add(`The body has more than one list of elements: ${pathText(this.#path)} was loaded, ${path} was not.`);
  }
}

const pathText = (path: Path): string => `/${path.join('/')}`;

function isSame(names: readonly string[], members: Members): boolean {
  if (names.length !== members.size) return false;
  let i = 0;
  for (const name of members.keys()) if (names[i++] !== name) return false;
  return true;
}
