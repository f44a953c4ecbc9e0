import { loadLimits } from '@almanac/domain';
import sax from 'sax';
import { checkName } from '../column-names.ts';
import { HeldBytes } from '../held.ts';
import { LARGE_ROW } from '../large-rows.ts';
import { Fault, HERE, LimitFault } from '../malformed.ts';
import { type Batch, newBatch } from '../row.ts';
import { giveWay } from '../turns.ts';
import { describeSaxError, openAttributes } from './sax.ts';

/** Characters between two yields: these can be thousands of elements. */
const PIECE = 1 << 14;

/** Memory of elements per counted character. */
const BYTES_PER_HELD = 6;

/** The account of memory is changed in steps of this size. */
const STEP = 1 << 20;

/** Comments and CDATA sections divide a text into pieces; each takes memory in addition to its characters. */
const PIECES_LIMIT = 100_000;

/** Attributes of one tag, which are in memory until its end. */
const ATTRIBUTES_LIMIT = 10_000;

/** An attribute's name and value. */
export type Attribute = readonly [string, string];

/** Receives the elements of a document. Its methods may throw a Fault at HERE. */
export interface XmlHandler {
  open(name: string, attributes: readonly Attribute[]): void;
  /** A piece of the text of the innermost open element; a text may be divided into several. */
  text(text: string): void;
  close(name: string, batch: Batch): void;
  /** The document is complete. */
  end(batch: Batch): void;
  /** characters in memory of an incomplete row */
  readonly held: number;
}

/**
 * Reads XML 1.0 in pieces of any length. A DOCTYPE is refused, so the only entities are the five of XML itself, and nothing is expanded
 * or fetched. Throws 'malformed-data' with line and column.
 */
export async function* readXml(texts: AsyncIterable<string>, handler: XmlHandler): AsyncGenerator<Batch> {
  const reader = new XmlReader(handler);
  const account = new HeldBytes();
  try {
    for await (const text of texts) {
      for (let at = 0; at < text.length; at += PIECE) {
        await giveWay();
        yield reader.write(text.slice(at, at + PIECE));
        const bytes = reader.held > LARGE_ROW ? Math.ceil((reader.held * BYTES_PER_HELD) / STEP) * STEP : 0;
        if (bytes !== account.bytes) await account.set(bytes);
      }
    }
    yield reader.end();
  } finally {
    account.release();
  }
}

class XmlReader {
  readonly #handler: XmlHandler;
  readonly #parser = new sax.SAXParser(true, { strictEntities: true } as sax.SAXOptions);
  readonly #open: string[] = [];
  #attributes: Attribute[] = [];
  /** characters of the attributes of the tag that is open */
  #attributesLength = 0;
  #hasRoot = false;
  /** pieces of text since the last tag */
  #pieces = 0;
  #batch = newBatch('');
  /** a carriage return at the end of the last piece, whose line feed may be in the next */
  #rest = '';

  constructor(handler: XmlHandler) {
    this.#handler = handler;
    const parser = this.#parser;
    parser.onopentagstart = (tag) => {
      this.#attributes = [];
      openAttributes(tag);
    };
    parser.onattribute = ({ name, value }) => this.#attribute(name, value);
    parser.onopentag = ({ name }) => this.#enter(name);
    parser.ontext = parser.oncdata = (text) => this.#text(text);
    parser.onclosetag = (name) => this.#leave(name);
    parser.ondoctype = parser.onsgmldeclaration = refuseDoctype;
    parser.onerror = (error) => {
      throw new Fault(HERE, describeSaxError(error, parser, this.#open));
    };
  }

  /** characters in memory of an incomplete tag or row */
  get held(): number {
    return this.#handler.held + this.#attributesLength;
  }

  write(piece: string): Batch {
    let text = this.#rest + piece;
    this.#rest = text.endsWith('\r') ? '\r' : '';
    // XML 1.0, 2.11: every kind of line end is read as one line feed.
    if (text.includes('\r')) text = text.slice(0, text.length - this.#rest.length).replace(/\r\n?/g, '\n');
    return this.#read(text, () => {
      this.#parser.write(text);
      // Refused at its beginning, without waiting for its end.
      if ((this.#parser as { doctype?: unknown }).doctype) refuseDoctype();
    });
  }

  end(): Batch {
    return this.#read('', (batch) => {
      if (this.#rest !== '') this.#parser.write('\n');
      this.#parser.close();
      this.#handler.end(batch);
    });
  }

  #read(text: string, step: (batch: Batch) => void): Batch {
    const batch = newBatch(text);
    this.#batch = batch;
    try {
      step(batch);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { line, column } = this.#parser;
      throw error.problem(`Line ${line + 1}, column ${Math.max(1, column)}: `);
    }
    return batch;
  }

  #attribute(name: string, value: string): void {
    checkName(name);
    this.#attributesLength += name.length + value.length;
    const isTooMany = this.#attributes.push([name, value]) > ATTRIBUTES_LIMIT;
    if (isTooMany) throw new Fault(HERE, `a tag has more than ${ATTRIBUTES_LIMIT.toLocaleString('en')} attributes.`);
    const limit = loadLimits.rowBytes;
    if (this.#attributesLength > limit.value)
      throw new LimitFault(HERE, limit, this.#attributesLength, 'the attributes of a tag are too long');
  }

  #enter(name: string): void {
    this.#attributesLength = 0;
    checkName(name);
    if (this.#open.length === 0 && this.#hasRoot) throw new Fault(HERE, `<${name}> is a second root element: an XML document has one.`);
    this.#hasRoot = true;
    const depth = this.#open.push(name);
    if (depth > loadLimits.depth.value) throw new LimitFault(HERE, loadLimits.depth, depth, `<${name}> is nested too deeply`);
    this.#pieces = 0;
    this.#handler.open(name, this.#attributes);
  }

  #text(text: string): void {
    if (this.#open.length === 0) return;
    if (++this.#pieces > PIECES_LIMIT)
      throw new Fault(HERE, `a string is split into more than ${PIECES_LIMIT.toLocaleString('en')} pieces by comments or CDATA sections.`);
    // Flattens the text: sax appends character references one by one, and each stays a string of its own until the text is read.
    /\S/.test(text);
    this.#handler.text(text);
  }

  #leave(name: string): void {
    this.#open.pop();
    this.#pieces = 0;
    this.#handler.close(name, this.#batch);
  }
}

function refuseDoctype(): never {
  throw new Fault(
    HERE,
    'a DOCTYPE is not allowed: its entities can expand without bound and read files. Remove it, and replace its entities by their text.',
  );
}
