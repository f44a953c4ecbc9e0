import { loadLimits } from '@almanac/domain';
import { HERE } from '../malformed.ts';
import { type Batch, type Row, reject, type ValueCounter } from '../row.ts';
import { checkBytes, tooManyValues } from '../row-limits.ts';
import { withoutStackTraces } from '../stack-traces.ts';
import { memberLiteral, minify, type Outline, withoutNonFinite } from './json-text.ts';

type JsonObject = Record<string, unknown>;

/** A row that is a JSON object in the source. */
class RecordRow implements Row {
  readonly number: number;
  readonly text: string;
  readonly #record: JsonObject;

  constructor(number: number, text: string, record: JsonObject) {
    this.number = number;
    this.text = text;
    this.#record = record;
  }

  names(): readonly string[] {
    return Object.keys(this.#record);
  }

  keyText(column: string): string | undefined {
    if (!Object.hasOwn(this.#record, column)) return undefined;
    const value = this.#record[column];
    if (typeof value === 'string') return value === '' ? undefined : value;
    // The key is the number as written: 9007199254740993 and 1.0 would change in a JavaScript number.
    if (typeof value === 'number' || typeof value === 'boolean') return memberLiteral(this.text, column);
    return undefined;
  }

  countIn(counter: ValueCounter): void {
    counter.countRecord(this.#record, this.number);
  }
}

export const NON_FINITE = 'NaN and Infinity are not valid JSON: they were read as missing values (null).';

/** Why a text is not JSON, and at which offset. Not an Error: there may be many, and a stack trace costs more than a row. */
export class NotJson {
  readonly message: string;
  readonly offset: number;

  constructor(error: unknown) {
    const message = error instanceof Error ? error.message : String(error);
    this.message = message.replace(/ in JSON at position.*$/s, '').replace(/, (\.\.\.)?".*" is not valid JSON$/s, '');
    this.offset = Number(/at position (\d+)/.exec(message)?.[1] ?? 0);
  }
}

/** Throws a LimitFault at offset `at` if a value contains too many others, before it is parsed. `what`: 'row 3'. */
export function checkOutline({ values }: Outline, what: () => string, at = HERE): void {
  const limit = loadLimits.rowValues;
  if (values > limit.value) throw tooManyValues(at, values, what());
}

/** Makes rows of the JSON values of one source. */
export class Records {
  readonly #notes: Set<string>;
  /** whether a record had NaN or Infinity: then they are replaced before parsing, because a failure costs as much as many records */
  #hasNonFinite = false;
  /** whether parsing has failed: more failures may follow */
  #hasFailed = false;

  constructor(notes: Set<string>) {
    this.#notes = notes;
  }

  /**
   * Adds one value to the batch: an object becomes a row, anything else a reject. `shape` is its outline, if known.
   * Throws NotJson, or a LimitFault at HERE.
   */
  add(batch: Batch, number: number, text: string, shape: Outline | undefined): void {
    if (shape !== undefined) checkOutline(shape, () => `row ${number.toLocaleString('en')}`);
    checkBytes(text, number);
    if ((shape?.depth ?? 0) > loadLimits.depth.value) {
      batch.rejects.push(reject(number, `is nested deeper than ${loadLimits.depth.value} levels`, text));
      return;
    }
    const hasSpace = shape?.hasSpace ?? true;
    const parsed = this.#parse(text);
    if (typeof parsed.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value)) {
      const own = hasSpace ? minify(parsed.text) : parsed.text;
      batch.rows.push(new RecordRow(number, own, parsed.value as JsonObject));
    } else batch.rejects.push(reject(number, `is ${describe(parsed.value)}, not an object`, text));
  }

  #parse(text: string): { value: unknown; text: string } {
    const mendedFirst = this.#hasNonFinite ? withoutNonFinite(text) : undefined;
    try {
      const own = mendedFirst ?? text;
      return { value: this.#hasFailed ? parsed(own) : (JSON.parse(own) as unknown), text: own };
    } catch (error) {
      this.#hasFailed = true;
      const mended = mendedFirst === undefined ? withoutNonFinite(text) : undefined;
      if (mended === undefined) throw new NotJson(error);
      try {
        const value = parsed(mended);
        this.#notes.add(NON_FINITE);
        this.#hasNonFinite = true;
        return { value, text: mended };
      } catch {
        throw new NotJson(error);
      }
    }
  }
}

const parsed = (text: string): unknown => withoutStackTraces(() => JSON.parse(text) as unknown);

const describe = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value === 'boolean' ? 'boolean' : typeof value}`;
