import { isNumberText } from '@almanac/domain';
import type { ParseOptions } from '../format.ts';
import { Fault } from '../malformed.ts';
import { type Batch, isFull } from '../row.ts';
import type { Scanner } from '../scan.ts';
import { OemMetadata } from './metadata.ts';
import { Span } from './span.ts';
import { BASE_LENGTH, States, stateNames } from './states.ts';

/** The current section of the file. Each one except `data` must end with a keyword. */
type Section = 'start' | 'header' | 'metadata' | 'data' | 'covariance';

/** Fields of one line that are read. A state has at most ten. */
const FIELDS_LIMIT = 1000;

const awaited: Record<Section, string> = {
  start: 'CCSDS_OEM_VERS = 2.0',
  header: 'META_START',
  metadata: 'META_STOP',
  data: 'a state',
  covariance: 'COVARIANCE_STOP',
};

/** Reads an OEM in keyword = value notation (CCSDS 502.0-B, 5.2), line by line. */
export class KvnScanner implements Scanner {
  readonly #metadata: OemMetadata;
  readonly #states: States;
  #section: Section = 'start';
  #span = new Span();

  constructor(options: ParseOptions) {
    this.#metadata = new OemMetadata('oem-kvn', options);
    this.#states = new States(this.#metadata, options.units);
  }

  take(text: string, start: number, isEnd: boolean, batch: Batch): number {
    let from = start;
    for (let end = text.indexOf('\n', from); end !== -1; end = text.indexOf('\n', from)) {
      this.#line(text.slice(from, end), from, batch);
      from = end + 1;
      if (isFull(batch, from - start)) return from;
    }
    if (!isEnd) return from;
    if (from < text.length) this.#last(text.slice(from), from, batch);
    this.#end(text.length);
    return text.length;
  }

  #end(at: number): void {
    if (this.#section === 'start') return;
    if (this.#section !== 'data' || this.#span.states === 0)
      throw new Fault(at, `the data ends early: expected ${awaited[this.#section]}.`);
    this.#span.check(at);
  }

  /** The last line, without a line end: it was cut off if more characters could make it a state. */
  #last(line: string, at: number, batch: Batch): void {
    const before = batch.rejects.length;
    this.#line(line, at, batch);
    const refused = batch.rejects[before];
    if (refused === undefined) return;
    const fields = line.trim().split(/\s+/);
    const isWhole = fields.length === BASE_LENGTH || fields.length >= stateNames.length;
    if (!isWhole || !isNumberText(fields.at(-1) as string))
      throw new Fault(at, `the data ends in the middle of a state: it ${refused.reason}.`);
  }

  #line(raw: string, at: number, batch: Batch): void {
    const line = raw.trim();
    if (line === '') return;
    if (this.#section === 'start') this.#startLine(line, at);
    else if (this.#section === 'header') this.#headerLine(raw, line, at);
    else if (this.#section === 'metadata') this.#metadataLine(raw, line, at);
    else if (this.#section === 'data') this.#dataLine(raw, line, at, batch);
    else if (line === 'COVARIANCE_STOP') this.#section = 'data';
  }

  #startLine(line: string, at: number): void {
    const [, id, version] = /^(CCSDS_OEM_VERS)\s*=\s*(\S+)$/.exec(line) ?? [];
    if (id === undefined) throw new Fault(at, `this is not an OEM: expected ${awaited.start} first, found ${sample(line)}.`);
    this.#metadata.begin(version, id);
    this.#section = 'header';
  }

  #headerLine(raw: string, line: string, at: number): void {
    if (line === 'META_START') this.#beginSegment();
    else this.#metadata.headerKeyword(...this.#keyword(raw, line, at));
  }

  #beginSegment(): void {
    this.#metadata.beginSegment();
    this.#span = new Span();
    this.#section = 'metadata';
  }

  #metadataLine(raw: string, line: string, at: number): void {
    if (line === 'META_STOP') {
      this.#section = 'data';
      return;
    }
    const [name, value] = this.#keyword(raw, line, at);
    this.#metadata.segmentKeyword(name, value);
    if (name === 'STOP_TIME') this.#span.stop = value;
  }

  #keyword(raw: string, line: string, at: number): [name: string, value: string] {
    const comment = commentOf(raw);
    if (comment !== undefined) return ['COMMENT', comment];
    const [, name, value] = /^([A-Z][A-Z0-9_]*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) return [name, value];
    throw new Fault(at, `expected ${awaited[this.#section]} or a line NAME = value, found ${sample(line)}.`);
  }

  #dataLine(raw: string, line: string, at: number, batch: Batch): void {
    const comment = commentOf(raw);
    if (comment !== undefined) this.#metadata.comment(comment);
    else if (line === 'META_START') {
      this.#span.check(at);
      this.#beginSegment();
    } else if (line === 'COVARIANCE_START') this.#beginCovariance();
    else {
      const fields = line.split(/\s+/, FIELDS_LIMIT);
      this.#span.add(fields[0] as string);
      this.#states.add(fields, () => line, batch);
    }
  }

  #beginCovariance(): void {
    this.#metadata.covariance();
    // Covariances may be for times after the last state.
    this.#span.stop = undefined;
    this.#section = 'covariance';
  }
}

/** The text after the word COMMENT and one space; undefined if the line is not a comment. */
function commentOf(raw: string): string | undefined {
  const match = /^\s*COMMENT(?:[ \t](.*?))?\r?$/s.exec(raw);
  return match === null ? undefined : (match[1] ?? '');
}

const sample = (line: string): string => JSON.stringify(line.slice(0, 40));
