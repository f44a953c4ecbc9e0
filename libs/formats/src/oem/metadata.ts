import { loadLimits } from '@almanac/domain';
import { copyText } from '../copy-text.ts';
import type { ParseOptions } from '../format.ts';

type Keywords = Record<string, string | string[]>;

interface Segment {
  metadata: Keywords;
  comments: string[];
  states: number;
}

/** The form of CCSDS keywords. */
const keyword = /^[A-Z][A-Z0-9_]*$/;

/**
 * The metadata of an OEM, filled in while it is read:
 *
 *     {format, version, id, header: {CREATION_DATE, ORIGINATOR, ..}, metadata: {OBJECT_NAME, ..}, comments: [..]}
 *
 * Every value is text as in the file, without the space around it. `comments` are those of the data sections (not of headers, metadata
 * and covariances), in order, each exactly as written, '' for an empty one; those of the header and of the metadata are the lists
 * header.COMMENT and metadata.COMMENT. With several segments, `metadata` is that of the first, `comments` are those of all, and
 * `segments` lists {metadata, comments, states} of each, where `states` is their number.
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
    this.#notes.add(`The ephemeris has version ${version.slice(0, 20)} and was read as version 2.0.`);
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
    this.#notes.add('The ephemeris has several segments: all their rows were loaded in order; `metadata` is that of the first segment.');
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
    this.#notes.add('The ephemeris has covariance matrices, which were skipped: only states become rows.');
  }

  #put(keywords: Keywords, name: string, value: string): void {
    if (!keyword.test(name) || !this.#keep(name + value)) return;
    const kept = copyText(value);
    const before = keywords[name];
    if (Array.isArray(before)) before.push(kept);
    else if (before !== undefined) this.#notes.add(`${name} occurs more than once: the first value was kept.`);
    else keywords[copyText(name)] = name === 'COMMENT' ? [kept] : kept;
  }

  /** Counts text. Returns whether to keep it: not if the limit is exceeded already, because then no metadata is stored. */
  #keep(text: string): boolean {
    const isRoom = this.#length <= loadLimits.metadataBytes.value;
    this.#length += text.length + '"",'.length;
    return isRoom;
  }
}
