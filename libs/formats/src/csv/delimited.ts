import { loadLimits } from '@almanac/domain';
import { FieldsRow, Header } from '../fields-row.ts';
import type { Detected } from '../format.ts';
import { Fault, LimitFault } from '../malformed.ts';
import { type Batch, isFull, reject } from '../row.ts';
import { tooManyValues } from '../row-limits.ts';
import type { Scanner } from '../scan.ts';
import { uniqueNames } from './header.ts';

const QUOTE = 34;
const CR = 13;
const LF = 10;
const MORE = -1;

export interface Dialect {
  /** the character between fields */
  delimiter: string;
  /** Looks at the header line. Throws a Fault if it plainly is in another format; may return another delimiter to try. */
  look(fields: readonly string[]): { delimiter: string; note: string } | undefined;
}

export const firstLine = (text: string): string => /^[^\r\n]*/.exec(text)?.[0] ?? '';

/** Whether the body is no table. A delimiter that differs is reported by `Dialect.look`. */
export const isNotDelimited = ({ id }: Detected): boolean => id !== 'csv' && id !== 'tsv';

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

  take(text: string, from: number, isEnd: boolean, batch: Batch): number {
    let done = from;
    // A later call for the same text continues from the end of the last one.
    if (from === 0) this.#quoteAt = -1;
    while (done < text.length && !isFull(batch, done - from)) {
      const end = this.#readRow(text, done, isEnd);
      if (end === MORE) return done;
      const after = isBlank(text, done, end) ? end : this.#add(text, done, end, isEnd, batch);
      if (after === MORE) return done;
      done = after;
    }
    return done;
  }

  get #rowText(): string {
    return this.#header === undefined ? 'the header' : `row ${(this.#row + 1).toLocaleString('en')}`;
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
    const limit = loadLimits.rowValues.value;
    let start = from;
    for (let i = from; i < last; i++) {
      if (text.charCodeAt(i) === delimiter) {
        if (fields.push(text.slice(start, i)) >= limit) throw tooManyValues(from, limit + 1, this.#rowText);
        start = i + 1;
      }
    }
    fields.push(text.slice(start, last));
  }

  #quotedFields(text: string, from: number, isEnd: boolean): number {
    const n = text.length;
    const limit = loadLimits.rowValues.value;
    let i = from;
    for (;;) {
      let field = '';
      if (text.charCodeAt(i) === QUOTE) {
        const close = closingQuote(text, i);
        if (close === MORE || (close === n - 1 && !isEnd)) {
          if (isEnd) throw new Fault(i, 'the quoted field that begins here has no closing quote.');
          return MORE;
        }
        field = undoubled(text.slice(i + 1, close));
        i = close + 1;
      }
      // Text after a closing quote belongs to the field, as spreadsheets read it.
      let end = i;
      for (let code = text.charCodeAt(end); end < n && code !== this.#delimiter && code !== LF; code = text.charCodeAt(++end));
      if (end === n && !isEnd) return MORE;
      const isLast = end === n || text.charCodeAt(end) === LF;
      const stop = isLast && end > i && text.charCodeAt(end - 1) === CR ? end - 1 : end;
      if (this.#fields.push(field + text.slice(i, stop)) > limit) throw tooManyValues(from, limit + 1, this.#rowText);
      if (isLast) return end === n ? n : end + 1;
      i = end + 1;
    }
  }

  /** Makes a row, or the header, of the fields just read; the offset after it, or MORE. */
  #add(text: string, from: number, end: number, isEnd: boolean, batch: Batch): number {
    if (this.#header === undefined) return this.#readHeader(text, from, end, isEnd);
    this.#row++;
    const fields = this.#fields;
    const width = this.#header.names.length;
    if (fields.length === width || (fields.length > width && fields.every((field, i) => i < width || field === ''))) {
      batch.rows.push(this.#rowOf(fields, this.#header, from));
      return end;
    }
    const reason = `has ${fields.length} field${fields.length === 1 ? '' : 's'}, the header has ${width}`;
    batch.rejects.push(reject(this.#row, reason, text.slice(from, end).replace(/\r?\n$/, '')));
    return end;
  }

  #rowOf(fields: readonly string[], header: Header, from: number): FieldsRow {
    try {
      return new FieldsRow(this.#row, header, fields);
    } catch (error) {
      throw error instanceof LimitFault ? error.at(from) : error;
    }
  }

  #readHeader(text: string, from: number, end: number, isEnd: boolean): number {
    const other = this.#dialect.look(this.#fields);
    const after = other === undefined ? end : this.#tryDelimiter(other, text, from, end, isEnd);
    if (after === MORE) return MORE;
    this.#header = new Header(uniqueNames(this.#fields, this.#notes, from));
    return after;
  }

  /** Reads the header line again with another delimiter, which is kept if it splits the line. */
  #tryDelimiter(other: { delimiter: string; note: string }, text: string, from: number, end: number, isEnd: boolean): number {
    const [fields, delimiter] = [this.#fields, this.#delimiter];
    this.#delimiter = other.delimiter.charCodeAt(0);
    this.#fields = [];
    const after = this.#quotedFields(text, from, isEnd);
    if (after !== MORE && this.#fields.length > 1) {
      this.#notes.add(other.note);
      return after;
    }
    [this.#fields, this.#delimiter] = [fields, delimiter];
    return after === MORE ? MORE : end;
  }
}

const isBlank = (text: string, from: number, end: number): boolean =>
  end - from <= 2 &&
  (text.charCodeAt(from) === LF || (text.charCodeAt(from) === CR && (end - from === 1 || text.charCodeAt(from + 1) === LF)));

/** A longer field may consist of quotes: then replaceAll takes too long, because it makes a piece of text for each. */
const LONG = 1 << 14;

/** The text of a quoted field, with each doubled quote as one. */
function undoubled(field: string): string {
  if (field.length <= LONG || !field.includes('""')) return field.replaceAll('""', '"');
  const units = new Uint16Array(field.length);
  let length = 0;
  for (let i = 0; i < field.length; i++) {
    const code = field.charCodeAt(i);
    units[length++] = code;
    if (code === QUOTE) i++;
  }
  return Buffer.from(units.buffer, 0, length * 2).toString('utf16le');
}

/** The offset of the quote that closes the field opened at `open`, or MORE. */
function closingQuote(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at !== -1) {
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
    at += 2;
    // In a run of doubled quotes a search costs more than a comparison.
    if (text.charCodeAt(at) !== QUOTE) at = text.indexOf('"', at);
  }
  return MORE;
}
