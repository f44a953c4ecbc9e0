import type { EvidenceCounter } from './evidence.ts';
import { COLUMN_LIMIT, uniqueNames } from './header.ts';
import { Fault } from './malformed.ts';
import { type Batch, type Row, reject } from './row.ts';
import type { Scanner } from './scan.ts';
import { fieldToken } from './tokens.ts';

const QUOTE = 34;
const CR = 13;
const LF = 10;
const MORE = -1;

/** The columns of a delimited source: names, and `{"name":` or `,"name":` as it stands before each value. */
class Header {
  readonly names: readonly string[];
  readonly #prefixes: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#prefixes = names.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    this.#places = new Map(names.map((name, i) => [name, i]));
  }

  placeOf(name: string): number | undefined {
    return this.#places.get(name);
  }

  record(fields: readonly string[]): string {
    const prefixes = this.#prefixes;
    let text = '';
    for (let i = 0; i < prefixes.length; i++) text += (prefixes[i] as string) + fieldToken(fields[i] as string);
    return `${text}}`;
  }
}

/** A row that came as fields. */
class FieldsRow implements Row {
  readonly number: number;
  readonly text: string;
  readonly #header: Header;
  readonly #fields: readonly string[];

  constructor(number: number, header: Header, fields: readonly string[]) {
    this.number = number;
    this.text = header.record(fields);
    this.#header = header;
    this.#fields = fields;
  }

  names(): readonly string[] {
    return this.#header.names;
  }

  keyText(column: string): string | undefined {
    const place = this.#header.placeOf(column);
    const field = place === undefined ? '' : (this.#fields[place] as string);
    return field === '' ? undefined : field;
  }

  countIn(evidence: EvidenceCounter): void {
    evidence.countFields(this.#header.names, this.#fields, this.number);
  }
}

export interface Dialect {
  /** what stands between fields; `choose` may put another in its place once it has seen the header line */
  delimiter: string;
  choose?: (fields: readonly string[], notes: Set<string>) => string | undefined;
}

/** Rows of RFC 4180: a field in double quotes may hold delimiters, line ends and doubled quotes. */
export class DelimitedScanner implements Scanner {
  readonly #dialect: Dialect;
  readonly #notes: Set<string>;
  #delimiter: number;
  #header: Header | undefined;
  #row = 0;
  /** offset of the first quote at or after the row being read */
  #quoteAt = 0;
  #fields: string[] = [];

  constructor(dialect: Dialect, notes: Set<string>) {
    this.#dialect = dialect;
    this.#delimiter = dialect.delimiter.charCodeAt(0);
    this.#notes = notes;
  }

  take(text: string, isEnd: boolean, batch: Batch): number {
    let done = 0;
    this.#quoteAt = -1;
    while (done < text.length) {
      const end = this.#readRow(text, done, isEnd);
      if (end === MORE) return done;
      if (!isBlank(text, done, end)) this.#add(text, done, end, batch);
      done = end;
    }
    return done;
  }

  /** Reads the fields of the row at `from`; the offset after it, or MORE. */
  #readRow(text: string, from: number, isEnd: boolean): number {
    const newline = text.indexOf('\n', from);
    if (newline === -1 && !isEnd) return MORE;
    const end = newline === -1 ? text.length : newline;
    if (this.#quoteAt < from) {
      const quote = text.indexOf('"', from);
      this.#quoteAt = quote === -1 ? Number.POSITIVE_INFINITY : quote;
    }
    this.#fields = [];
    if (this.#quoteAt > end) {
      this.#plainFields(text, from, end);
      return newline === -1 ? end : end + 1;
    }
    return this.#quotedFields(text, from, isEnd);
  }

  /** The row from `from` to `end` has no quotes. */
  #plainFields(text: string, from: number, end: number): void {
    const last = end > from && text.charCodeAt(end - 1) === CR ? end - 1 : end;
    const delimiter = this.#delimiter;
    const fields = this.#fields;
    let start = from;
    for (let i = from; i < last; i++) {
      if (text.charCodeAt(i) === delimiter) {
        fields.push(text.slice(start, i));
        start = i + 1;
      }
    }
    fields.push(text.slice(start, last));
  }

  #quotedFields(text: string, from: number, isEnd: boolean): number {
    const n = text.length;
    let i = from;
    for (;;) {
      let field = '';
      if (text.charCodeAt(i) === QUOTE) {
        const close = closingQuote(text, i);
        if (close === MORE || (close === n - 1 && !isEnd)) {
          if (isEnd) throw new Fault(i, 'the quoted field that begins here never ends.');
          return MORE;
        }
        field = text.slice(i + 1, close).replaceAll('""', '"');
        i = close + 1;
      }
      // Text after a closing quote belongs to the field, as spreadsheets read it.
      let end = i;
      for (let code = text.charCodeAt(end); end < n && code !== this.#delimiter && code !== LF; code = text.charCodeAt(++end));
      if (end === n && !isEnd) return MORE;
      const isLast = end === n || text.charCodeAt(end) === LF;
      const stop = isLast && end > i && text.charCodeAt(end - 1) === CR ? end - 1 : end;
      this.#fields.push(field + text.slice(i, stop));
      if (isLast) return end === n ? n : end + 1;
      i = end + 1;
    }
  }

  #add(text: string, from: number, end: number, batch: Batch): void {
    if (this.#header === undefined) {
      this.#readHeader(text, from);
      return;
    }
    this.#row++;
    const fields = this.#fields;
    const width = this.#header.names.length;
    if (fields.length === width || (fields.length > width && fields.every((field, i) => i < width || field === ''))) {
      batch.rows.push(new FieldsRow(this.#row, this.#header, fields));
      return;
    }
    const reason = `has ${fields.length} field${fields.length === 1 ? '' : 's'}, the header has ${width}`;
    batch.rejects.push(reject(this.#row, reason, text.slice(from, end).replace(/\r?\n$/, '')));
  }

  #readHeader(text: string, from: number): void {
    const other = this.#dialect.choose?.(this.#fields, this.#notes);
    if (other !== undefined) {
      this.#delimiter = other.charCodeAt(0);
      this.#fields = [];
      this.#quotedFields(text, from, true);
    }
    if (this.#fields.length > COLUMN_LIMIT) {
      throw new Fault(from, `the header has ${this.#fields.length} columns; at most ${COLUMN_LIMIT} are taken.`);
    }
    this.#header = new Header(uniqueNames(this.#fields, this.#notes));
  }
}

const isBlank = (text: string, from: number, end: number): boolean =>
  end - from <= 2 &&
  (text.charCodeAt(from) === LF || (text.charCodeAt(from) === CR && (end - from === 1 || text.charCodeAt(from + 1) === LF)));

/** The offset of the quote that closes the field opened at `open`, or MORE. */
function closingQuote(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
  }
  return MORE;
}
