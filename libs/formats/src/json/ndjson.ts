import type { Format, ParseOptions } from '../format.ts';
import { Fault, LimitFault } from '../malformed.ts';
import { type Batch, isFull, reject } from '../row.ts';
import { type Scanner, scan } from '../scan.ts';
import { decodeUtf8 } from '../utf8.ts';
import { beginsWithObject, outline, skipSpace } from './json-text.ts';
import { NotJson, Records } from './record-row.ts';

/** If this many lines at the beginning are not JSON, the source is not NDJSON. */
const PATIENCE = 5;

class LineScanner implements Scanner {
  readonly #records: Records;
  #line = 0;
  #good = 0;
  #bad = 0;

  constructor(notes: Set<string>) {
    this.#records = new Records(notes);
  }

  take(text: string, start: number, isEnd: boolean, batch: Batch): number {
    let from = start;
    for (let end = text.indexOf('\n', from); end !== -1; end = text.indexOf('\n', from)) {
      this.#add(text, from, end, batch);
      from = end + 1;
      if (isFull(batch, from - start)) return from;
    }
    if (!isEnd) return from;
    if (from < text.length) this.#add(text, from, text.length, batch);
    if (this.#good === 0 && this.#bad > 0) throw new Fault(from, 'this is not NDJSON: no line is a JSON object.');
    return text.length;
  }

  #add(text: string, from: number, end: number, batch: Batch): void {
    this.#line++;
    const start = skipSpace(text, from);
    if (start >= end) return;
    const line = text.slice(start, end).trimEnd();
    try {
      this.#records.add(batch, this.#line, line, '{['.includes(line.charAt(0)) ? outline(line, 0) : undefined);
      this.#good++;
    } catch (error) {
      if (error instanceof LimitFault) throw error.at(start);
      if (!(error instanceof NotJson)) throw error;
      if (this.#good === 0 && ++this.#bad >= PATIENCE) {
        throw new Fault(start, `this is not NDJSON: none of the first ${PATIENCE} lines is a JSON object (${error.message}).`);
      }
      batch.rejects.push(reject(this.#line, `is not JSON: ${error.message}`, line));
    }
  }
}

/** Whether the object at the beginning is followed by another on the next line; a single object on one line counts unless it contains a list of objects. */
function isLines(text: string): boolean {
  const { end } = outline(text, 0);
  if (end === -1) return false;
  const next = skipSpace(text, end);
  if (next < text.length) return text.slice(end, next).includes('\n') && !text.slice(0, end).includes('\n');
  return !text.slice(0, end).includes('\n') && !/[:[]\s*\[\s*[{\]]/.test(text.slice(0, end));
}

/** One JSON object per line (ndjson.org, jsonlines.org). Other lines are rejected. */
export const ndjson: Format = {
  id: 'ndjson',
  title: 'NDJSON: one JSON object per line',
  mediaTypes: ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'],
  extensions: ['.ndjson', '.jsonl'],
  looksLike: (start) => beginsWithObject(start) && isLines(start),
  contradicts: ({ id, first }) => first === '[' || id === 'xml' || id === 'oem' || id === 'yaml',
  parse: (bytes, { notes }: ParseOptions) => scan(decodeUtf8(bytes), new LineScanner(notes)),
};
