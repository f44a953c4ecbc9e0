import { loadLimits } from '@almanac/domain';
import { copyText } from '../copy-text.ts';
import type { ParseOptions } from '../format.ts';

type Keywords = Record<string, string | string[]>;

interface Segment {
  metadata: Keywords;
  comments: string[];
  states: number;
}

/** CCSDS keywords are of this form; anything else is none. */
const keyword = /^[A-Z][A-Z0-9_]*$/;

/**
 * What an OEM says about itself, filled while it is read:
 *
 *     {format, version, id, header: {CREATION_DATE, ORIGINATOR, ..}, metadata: {OBJECT_NAME, ..}, comments: [..]}
 *
 * Every value is text as the file has it, without the space around it. `comments` are those of the data sections (not of headers,
 * metadata and covariances), first to last, each exactly as written, '' for an empty one; those of the header and of the metadata are
 * the lists header.COMMENT and metadata.COMMENT. Of several segments `metadata` is the first one's, `comments` are those of all, and
 * `segments` has for each {metadata, comments, states: how many}.
 */
export class OemMetadata {
  readonly #metadata: ParseOptions['metadata'];
  readonly #notes: ParseOptions['notes'];
  readonly #header: Keywords = {};
  readonly #comments: string[] = [];
  readonly #segments: Segment[] = [];
  #segment: Segment | undefined;
  #length = 0;

  constructor(syntax: 'oem-xml' | 'oem-kvn', { metadata, notes }: ParseOptions) {
    this.#metadata = metadata;
    this.#notes = notes;
    metadata.format = syntax;
  }

  /** `id` is the keyword that gives the version: CCSDS_OEM_VERS. */
  begin(version: string | undefined, id: string | undefined): void {
    if (version !== undefined) this.#metadata.version = version;
    if (id !== undefined) this.#metadata.id = id;
    Object.assign(this.#metadata, { header: this.#header, metadata: {}, comments: this.#comments });
    if (version === undefined || /^[12](\.\d+)?$/.test(version)) return;
    this.#notes.add(`The ephemeris is of version ${version.slice(0, 20)}: it was read as one of version 2.0.`);
  }

  headerKeyword(name: string, value: string): void {
    this.#put(this.#header, name, value);
  }

  beginSegment(): void {
    const segment: Segment = { metadata: {}, comments: [], states: 0 };
    this.#segment = segment;
    if (!this.#keep(JSON.stringify(segment))) return;
    if (this.#segments.push(segment) === 1) this.#metadata.metadata = segment.metadata;
    if (this.#segments.length !== 2) return;
    this.#metadata.segments = this.#segments;
    this.#notes.add("The ephemeris has several segments: the rows of all are in order, and the first one's metadata are shown.");
  }

  segmentKeyword(name: string, value: string): void {
    if (this.#segment !== undefined) this.#put(this.#segment.metadata, name, value);
  }

  comment(text: string): void {
    if (!this.#keep(text)) return;
    const comment = copyText(text);
    this.#comments.push(comment);
    this.#segment?.comments.push(comment);
  }

  state(): void {
    if (this.#segment !== undefined) this.#segment.states++;
  }

  covariance(): void {
    this.#notes.add('The ephemeris has covariance matrices, which were passed over: rows are states.');
  }

  #put(keywords: Keywords, name: string, value: string): void {
    if (!keyword.test(name) || !this.#keep(name + value)) return;
    const kept = copyText(value);
    const before = keywords[name];
    if (Array.isArray(before)) before.push(kept);
    else if (before !== undefined) this.#notes.add(`${name} is given more than once: the first was kept.`);
    else keywords[copyText(name)] = name === 'COMMENT' ? [kept] : kept;
  }

  /** Counts text that comes to be kept. Answers whether it is to be: not where there is so much before it that nothing will be kept. */
  #keep(text: string): boolean {
    const isRoom = this.#length <= loadLimits.metadataBytes.value;
    this.#length += text.length + '"",'.length;
    return isRoom;
  }
}
