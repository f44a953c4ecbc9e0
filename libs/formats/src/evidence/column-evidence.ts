import { type Column, type ColumnType, type Evidence, parseTime } from '@almanac/domain';
import type { Field } from '../row.ts';
import { DECIMAL, NOT_A_NUMBER, numberForm } from '../tokens.ts';
import { type ColumnTally, decideType, type FirstValue, type KindCounts } from './column-type.ts';
import { type Budget, DistinctValues, shownText } from './distinct.ts';
import { titleAndUnit } from './unit.ts';

/** A number of four digits that begins with 0: a year before 1000, or a code. */
const paddedYear = /^0\d{3}$/;

/** Numbers that people write and JSON does not. Not +5, which is as likely a telephone number. */
const looseNumber = /^-?(\.\d+|(0|[1-9]\d*)\.)([eE][+-]?\d+)?$/;
const looseBoolean = /^(true|false)$/i;

/** How a text is stored in its row: as text; as a bare number or boolean; or as text that reading must convert to a number or boolean. */
const TEXT = 0;
const CANONICAL = 1;
const LOOSE = 2;
type Form = typeof TEXT | typeof CANONICAL | typeof LOOSE;

/** Counts the kinds of all values of one column. */
export class ColumnEvidence {
  readonly name: string;
  readonly #distinct: DistinctValues;
  readonly #counts: KindCounts = { integer: 0, number: 0, boolean: 0, time: 0, string: 0, json: 0, padded: 0 };
  readonly #firsts = new Map<ColumnType | 'padded', FirstValue>();
  /** values that are not strings in the rows (numbers, booleans, lists, objects) */
  #bare = 0;
  /** numbers and booleans that are strings in the rows; empty strings too */
  #quoted = 0;
  #least = Number.POSITIVE_INFINITY;
  #greatest = Number.NEGATIVE_INFINITY;
  #leastPadded = Number.POSITIVE_INFINITY;
  #earliest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;
  #earliestText = '';
  #latestText = '';

  constructor(name: string, budget: Budget) {
    this.name = name;
    this.#distinct = new DistinctValues(budget);
  }

  /** A field of a source that has only text: its numbers and booleans are stored bare. */
  field(field: Field, row: number): void {
    if (field === '') return;
    if (typeof field !== 'string') {
      this.#bare++;
      this.#count('json', field.json, row);
      return;
    }
    const form = this.#text(field, row);
    if (form === CANONICAL) this.#bare++;
    else if (form === LOOSE) this.#quoted++;
  }

  /** A member of a JSON record. */
  value(value: unknown, row: number): void {
    if (typeof value === 'string') {
      if (value === '' || this.#text(value, row) !== TEXT) this.#quoted++;
      return;
    }
    if (value === null || value === undefined) return;
    this.#bare++;
    if (typeof value === 'number') this.#number(value, String(value), row);
    else if (typeof value === 'boolean') this.#count('boolean', String(value), row);
    // The text of a list is only made while values are compared.
    else if (this.#counts.json === 0 || this.#distinct.isCounting) this.#count('json', JSON.stringify(value), row);
    else this.#counts.json++;
  }

  /** Counts a text under its kind. */
  #text(text: string, row: number): Form {
    const code = text.charCodeAt(0);
    if (code === 45 || code === 46 || (code >= 48 && code <= 57)) return this.#numeric(text, row);
    if ((code | 32) === 116 || (code | 32) === 102) {
      const isCanonical = text === 'true' || text === 'false';
      if (isCanonical || looseBoolean.test(text)) {
        this.#count('boolean', text, row);
        return isCanonical ? CANONICAL : LOOSE;
      }
    }
    this.#count('string', text, row);
    return TEXT;
  }

  /** A text that begins like a number: a number, a time, or any text. */
  #numeric(text: string, row: number): Form {
    const form = numberForm(text);
    if (form !== NOT_A_NUMBER) {
      this.#number(Number(text), text, row, form === DECIMAL);
      return CANONICAL;
    }
    const ms = parseTime(text);
    if (ms !== undefined) this.#time(ms, text, row);
    else if (looseNumber.test(text)) {
      this.#number(Number(text), text, row);
      return LOOSE;
    } else if (paddedYear.test(text)) {
      this.#leastPadded = Math.min(this.#leastPadded, Number(text));
      this.#count('padded', text, row);
    } else this.#count('string', text, row);
    return TEXT;
  }

  /** 5.0 and 1e3 are integers by value, as in JSON Schema. */
  #number(value: number, text: string, row: number, mayHaveFraction = true): void {
    this.#count(mayHaveFraction && !Number.isInteger(value) ? 'number' : 'integer', text, row);
    if (value < this.#least) this.#least = value;
    if (value > this.#greatest) this.#greatest = value;
  }

  #time(ms: number, text: string, row: number): void {
    this.#count('time', text, row);
    if (ms < this.#earliest) [this.#earliest, this.#earliestText] = [ms, text];
    if (ms > this.#latest) [this.#latest, this.#latestText] = [ms, text];
  }

  #count(kind: keyof KindCounts, text: string, row: number): void {
    if (this.#counts[kind]++ === 0) this.#firsts.set(kind, { row, value: shownText(text) });
    this.#distinct.see(text);
  }

  get #tally(): ColumnTally {
    return { counts: this.#counts, firsts: this.#firsts, least: this.#least, greatest: this.#greatest };
  }

  /** `unit`: from the source; it overrides a unit in the name. */
  column(unit?: string): Column {
    const { type } = decideType(this.#tally);
    // A text column needs conversion if it has bare values, a typed column if it has quoted ones; the text of a time is its value.
    const odd = type === 'string' ? this.#bare : type === 'time' || type === 'json' ? 0 : this.#quoted + this.#counts.padded;
    return { name: this.name, type, ...titleAndUnit(this.name), ...(unit === undefined ? {} : { unit }), asStored: odd === 0 };
  }

  /** Texts in it have at most `shown` characters. */
  evidence(rows: number, shown = Number.POSITIVE_INFINITY): Evidence {
    const { type, kinds, exception } = decideType(this.#tally);
    const present = Object.values(kinds).reduce((sum, count) => sum + count, 0);
    return {
      present,
      missing: rows - present,
      kinds: kinds as Record<string, number>,
      distinct: this.#distinct.count,
      ...this.#range(type),
      examples: shown === 0 ? [] : this.#distinct.examples.map((text) => text.slice(0, shown)),
      ...(exception === undefined ? {} : { exception: { ...exception, value: exception.value.slice(0, Math.max(1, shown)) } }),
    };
  }

  #range(type: ColumnType): Pick<Evidence, 'min' | 'max'> {
    if (type === 'time') return { min: shownText(this.#earliestText), max: shownText(this.#latestText) };
    const hasRange = Number.isFinite(this.#least) && Number.isFinite(this.#greatest);
    if ((type !== 'integer' && type !== 'number') || !hasRange) return {};
    return { min: Math.min(this.#least, this.#leastPadded), max: this.#greatest };
  }
}
