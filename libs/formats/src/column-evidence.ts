import { hash } from 'node:crypto';
import { type Column, type ColumnType, DISTINCT_LIMIT, type Evidence, parseTime } from '@almanac/domain';
import { DECIMAL, NOT_A_NUMBER, numberForm } from './tokens.ts';
import { titleAndUnit } from './unit.ts';

/** Memory of all columns together for telling different values apart: entries left. */
export interface Budget {
  entries: number;
}

/** Values are shown and told apart by at most this many characters; longer ones are told apart by their hash. */
const SHOWN = 200;
const COMPARED = 64;

/** A copy that does not hold on to the piece of the source it was cut from. */
const own = (text: string): string => Buffer.from(text.slice(0, SHOWN), 'utf16le').toString('utf16le');

const paddedYear = /^0\d{3}$/;

interface First {
  row: number;
  value: string;
}

/** What the values of one column read as, counted one by one. */
export class ColumnEvidence {
  readonly name: string;
  readonly #budget: Budget;
  #integers = 0;
  #numbers = 0;
  #booleans = 0;
  #times = 0;
  #strings = 0;
  #jsons = 0;
  /** texts like 0920, which may be a year before 1000 or a code: the other values decide */
  #padded = 0;
  #leastPadded = Number.POSITIVE_INFINITY;
  #firstPadded: First | undefined;
  /** numbers and booleans that stand as such in the rows, and those that stand there as strings (empty strings too) */
  #bare = 0;
  #quoted = 0;
  #least = Number.POSITIVE_INFINITY;
  #greatest = Number.NEGATIVE_INFINITY;
  #earliest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;
  #earliestText = '';
  #latestText = '';
  #distinct: Set<string> | undefined = new Set();
  #distinctCount = 0;
  readonly #examples: string[] = [];
  readonly #firsts = new Map<ColumnType, First>();

  constructor(name: string, budget: Budget) {
    this.name = name;
    this.#budget = budget;
  }

  /** A field of a delimited source: its numbers and booleans stand bare in the row. */
  field(text: string, row: number): void {
    if (text === '') return;
    const isBare = this.#text(text, row);
    if (isBare) this.#bare++;
  }

  /** A member of a JSON record. */
  value(value: unknown, row: number): void {
    switch (typeof value) {
      case 'string':
        if (value === '' || this.#text(value, row)) this.#quoted++;
        return;
      case 'number':
        this.#bare++;
        this.#number(value, String(value), row);
        return;
      case 'boolean':
        this.#bare++;
        if (this.#booleans++ === 0) this.#first('boolean', String(value), row);
        this.#see(String(value));
        return;
      default:
        if (value === null || value === undefined) return;
        this.#bare++;
        this.#json(value, row);
    }
  }

  /** Counts a text by what it reads as; whether that is a number or a boolean. */
  #text(text: string, row: number): boolean {
    const code = text.charCodeAt(0);
    if (code === 45 || (code >= 48 && code <= 57)) {
      const form = numberForm(text);
      if (form !== NOT_A_NUMBER) {
        this.#number(Number(text), text, row, form === DECIMAL);
        return true;
      }
      const ms = parseTime(text);
      if (ms !== undefined) {
        this.#time(ms, text, row);
        return false;
      }
      if (paddedYear.test(text)) {
        if (this.#padded++ === 0) this.#firstPadded = { row, value: text };
        this.#leastPadded = Math.min(this.#leastPadded, Number(text));
        this.#see(text);
        return false;
      }
    } else if (text === 'true' || text === 'false') {
      if (this.#booleans++ === 0) this.#first('boolean', text, row);
      this.#see(text);
      return true;
    }
    if (this.#strings++ === 0) this.#first('string', text, row);
    this.#see(text);
    return false;
  }

  /** 5.0 and 1e3 are integers by value, as JSON Schema has it. */
  #number(value: number, text: string, row: number, mayHaveFraction = true): void {
    if (mayHaveFraction && !Number.isInteger(value)) {
      if (this.#numbers++ === 0) this.#first('number', text, row);
    } else if (this.#integers++ === 0) this.#first('integer', text, row);
    if (value < this.#least) this.#least = value;
    if (value > this.#greatest) this.#greatest = value;
    this.#see(text);
  }

  #time(ms: number, text: string, row: number): void {
    if (this.#times++ === 0) this.#first('time', text, row);
    if (ms < this.#earliest) [this.#earliest, this.#earliestText] = [ms, text];
    if (ms > this.#latest) [this.#latest, this.#latestText] = [ms, text];
    this.#see(text);
  }

  #json(value: unknown, row: number): void {
    if (this.#jsons++ > 0 && this.#distinct === undefined) return;
    const text = JSON.stringify(value);
    if (this.#jsons === 1) this.#first('json', text, row);
    this.#see(text);
  }

  #first(kind: ColumnType, text: string, row: number): void {
    this.#firsts.set(kind, { row, value: own(text) });
  }

  #see(text: string): void {
    const distinct = this.#distinct;
    if (distinct === undefined) return;
    const short = text.length <= COMPARED ? text : hash('sha1', text, 'base64');
    if (distinct.has(short)) return;
    distinct.add(own(short));
    if (this.#examples.length < 3) this.#examples.push(own(text));
    this.#budget.entries--;
    this.#distinctCount++;
    if (this.#distinctCount < DISTINCT_LIMIT && this.#budget.entries > 0) return;
    this.#budget.entries += distinct.size;
    this.#distinct = undefined;
  }

  get #present(): number {
    return this.#integers + this.#numbers + this.#booleans + this.#times + this.#strings + this.#jsons + this.#padded;
  }

  /** Few 0920 among many integers that may all be years are years; in a column of codes about one in ten begins with 0. */
  get #arePaddedYears(): boolean {
    return (
      this.#integers >= 100 * this.#padded && this.#integers === this.#present - this.#padded && this.#least >= 0 && this.#greatest < 3000
    );
  }

  #kinds(): [ColumnType, number][] {
    const years = this.#arePaddedYears ? this.#padded : 0;
    const all: [ColumnType, number][] = [
      ['integer', this.#integers + years],
      ['number', this.#numbers],
      ['boolean', this.#booleans],
      ['time', this.#times],
      ['string', this.#strings + this.#padded - years],
      ['json', this.#jsons],
    ];
    return all.filter(([, count]) => count > 0);
  }

  /** The one kind of all values; integers beside numbers are numbers; any other mixture is text. */
  get #type(): ColumnType {
    const kinds = this.#kinds().map(([kind]) => kind);
    if (kinds.length === 1) return kinds[0] as ColumnType;
    return kinds.length === 2 && kinds[0] === 'integer' && kinds[1] === 'number' ? 'number' : 'string';
  }

  column(): Column {
    const type = this.#type;
    // A text column is as stored while nothing bare is in it, a typed one while nothing quoted is; a time's text is its value.
    const odd = type === 'string' ? this.#bare : type === 'time' || type === 'json' ? 0 : this.#quoted + this.#padded;
    return { name: this.name, type, ...titleAndUnit(this.name), asStored: odd === 0 };
  }

  evidence(rows: number): Evidence {
    const exception = this.#exception();
    return {
      present: this.#present,
      missing: rows - this.#present,
      kinds: Object.fromEntries(this.#kinds()),
      distinct: this.#distinctCount,
      ...this.#range(),
      examples: [...this.#examples],
      ...(exception === undefined ? {} : { exception }),
    };
  }

  #range(): Pick<Evidence, 'min' | 'max'> {
    const type = this.#type;
    if (type === 'time') return { min: own(this.#earliestText), max: own(this.#latestText) };
    if ((type !== 'integer' && type !== 'number') || !Number.isFinite(this.#least) || !Number.isFinite(this.#greatest)) return {};
    return { min: Math.min(this.#least, this.#leastPadded), max: this.#greatest };
  }

  /** The first value outside the kind that most values are of, where that kind alone would have given a narrower type. */
  #exception(): First | undefined {
    const kinds = this.#kinds();
    if (kinds.length < 2) return undefined;
    const type = this.#type;
    // Where the column is text, its integers and numbers stand together for the numbers it could have been.
    const group = (kind: ColumnType): ColumnType => (type === 'string' && kind === 'integer' ? 'number' : kind);
    const counts = new Map<ColumnType, number>();
    for (const [kind, count] of kinds) counts.set(group(kind), (counts.get(group(kind)) ?? 0) + count);
    const [most] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
    if (most === type) return undefined;
    const firsts = kinds.filter(([kind]) => group(kind) !== most).map(([kind]) => this.#firstOf(kind));
    return firsts.reduce((a, b) => (b.row < a.row ? b : a));
  }

  #firstOf(kind: ColumnType): First {
    const first = this.#firsts.get(kind);
    const padded = this.#firstPadded;
    return kind === 'string' && padded !== undefined && (first === undefined || padded.row < first.row) ? padded : (first as First);
  }
}
