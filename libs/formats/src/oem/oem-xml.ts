import { loadLimits } from '@almanac/domain';
import type { ParseOptions } from '../format.ts';
import { Fault, HERE, LimitFault } from '../malformed.ts';
import type { Batch } from '../row.ts';
import type { Attribute, XmlHandler } from '../xml/reader.ts';
import { OemMetadata } from './metadata.ts';
import { BASE_LENGTH, States, stateNames } from './states.ts';

/** A name without the prefix of its namespace. */
const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Reads an OEM in XML (CCSDS 505.0-B): an oem element, alone or in an ndm. */
export class OemXmlReader implements XmlHandler {
  readonly #notes: Set<string>;
  readonly #metadata: OemMetadata;
  readonly #states: States;
  /** local names of the open elements */
  readonly #path: string[] = [];
  #hasRoot = false;
  #oems = 0;
  #text = '';
  /** whether the innermost open element has no child so far */
  #isLeaf = false;
  /** of the open state: texts and units of its members, and the reason to reject it */
  readonly #members = new Map<string, string>();
  readonly #units = new Map<string, string>();
  #wrong: string | undefined;

  constructor(options: ParseOptions) {
    this.#notes = options.notes;
    this.#metadata = new OemMetadata('oem-xml', options);
    this.#states = new States(this.#metadata, options.units);
  }

  get held(): number {
    return this.#text.length;
  }

  open(name: string, attributes: readonly Attribute[]): void {
    const own = local(name);
    const parent = this.#path.at(-1);
    const depth = this.#path.push(own);
    if (depth === 1) this.#root(own);
    if (own === 'oem' && (depth === 1 || (depth === 2 && parent === 'ndm'))) this.#beginOem(attributes);
    else if (own === 'segment' && parent === 'body') this.#metadata.beginSegment();
    else if (own === 'stateVector') this.#beginState();
    else if (own === 'covarianceMatrix') this.#metadata.covariance();
    else if (parent === 'stateVector') this.#unit(own, attributes);
    this.#text = '';
    this.#isLeaf = true;
  }

  text(text: string): void {
    if (!this.#isLeaf) return;
    this.#text += text;
    const limit = loadLimits.rowBytes;
    if (this.#text.length > limit.value) throw new LimitFault(HERE, limit, this.#text.length, 'a string is too long');
  }

  close(_name: string, batch: Batch): void {
    const own = this.#path.pop() as string;
    if (this.#isLeaf) this.#leaf(own, this.#path.at(-1));
    if (own === 'stateVector') this.#endState(batch);
    this.#isLeaf = false;
    this.#text = '';
  }

  end(): void {
    if (this.#hasRoot && this.#oems === 0) throw new Fault(HERE, 'there is no <oem> in this <ndm>.');
  }

  #root(own: string): void {
    this.#hasRoot = true;
    if (own === 'oem' || own === 'ndm') return;
    throw new Fault(HERE, `this is not an OEM: expected <ndm> or <oem>, found <${own.slice(0, 40)}>. Send it as application/xml.`);
  }

  #beginOem(attributes: readonly Attribute[]): void {
    this.#oems++;
    if (this.#oems > 1) {
      this.#notes.add('The body has several ephemerides: all their rows were loaded in order; `header` is that of the first one.');
      return;
    }
    const { version, id } = Object.fromEntries(attributes);
    this.#metadata.begin(version, id);
  }

  #leaf(own: string, parent: string | undefined): void {
    const value = own === 'COMMENT' ? this.#text : this.#text.trim();
    if (parent === 'header' && this.#oems === 1) this.#metadata.headerKeyword(own, value);
    else if (parent === 'metadata') this.#metadata.segmentKeyword(own, value);
    else if (parent === 'data' && own === 'COMMENT') this.#metadata.comment(value);
    else if (parent === 'stateVector') this.#member(own, value);
  }

  #beginState(): void {
    this.#members.clear();
    this.#units.clear();
    this.#wrong = undefined;
  }

  #unit(name: string, attributes: readonly Attribute[]): void {
    const unit = attributes.find(([key]) => key === 'units')?.[1].trim();
    if (unit !== undefined && unit !== '') this.#units.set(name, unit);
  }

  #member(name: string, text: string): void {
    if (!stateNames.includes(name)) this.#wrong ??= `has <${name.slice(0, 40)}>; a state has ${stateNames.join(', ')}`;
    else if (this.#members.has(name)) this.#wrong ??= `has <${name}> twice`;
    else this.#members.set(name, text);
  }

  #endState(batch: Batch): void {
    const members = this.#members;
    const raw = () => [...members].map(([name, text]) => `<${name}>${text}</${name}>`).join('');
    const names = members.size > BASE_LENGTH ? stateNames : stateNames.slice(0, BASE_LENGTH);
    const missing = names.find((name) => !members.has(name));
    const wrong = this.#wrong ?? (missing === undefined ? undefined : `has no <${missing}>`);
    if (wrong !== undefined) this.#states.refuse(wrong, raw(), batch);
    else
      this.#states.add(
        names.map((name) => members.get(name) as string),
        raw,
        batch,
        this.#units,
      );
  }
}
