import { memberLiteral, minify, type Outline, withoutNonFinite } from './json-text.ts';
import { type Batch, type Row, reject, type ValueCounter } from './row.ts';

type JsonObject = Record<string, unknown>;

/** A row that came as a JSON object. */
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
    // A number's own digits name the record: 9007199254740993 and 1.0 would change in a JavaScript number.
    if (typeof value === 'number' || typeof value === 'boolean') return memberLiteral(this.text, column);
    return undefined;
  }

  countIn(counter: ValueCounter): void {
    counter.countRecord(this.#record, this.number);
  }
}

/** Lists and objects in a record may lie in each other this deep. What walks a record may then recurse without fear. */
const DEPTH_LIMIT = 200;

export const NON_FINITE = 'NaN and Infinity are not JSON; such values were taken for missing (null).';

/** Why a text is not JSON, and where in it, where the parser says. */
export class NotJson extends Error {
  readonly offset: number;

  constructor(error: unknown) {
    const message = error instanceof Error ? error.message : String(error);
    super(message.replace(/ in JSON at position.*$/s, '').replace(/, (\.\.\.)?".*" is not valid JSON$/s, ''));
    this.offset = Number(/at position (\d+)/.exec(message)?.[1] ?? 0);
  }
}

/**
 * Adds one JSON value of the source to the batch: an object becomes a row, anything else is kept apart.
 * `shape` is its outline, where known. Throws NotJson.
 */
export function addRecord(batch: Batch, number: number, text: string, shape: Outline | undefined, notes: Set<string>): void {
  if ((shape?.depth ?? 0) > DEPTH_LIMIT) {
    batch.rejects.push(reject(number, `is nested deeper than ${DEPTH_LIMIT} levels`, text));
    return;
  }
  const hasSpace = shape?.hasSpace ?? true;
  const parsed = parse(text, notes);
  if (typeof parsed.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value)) {
    const own = hasSpace ? minify(parsed.text) : parsed.text;
    batch.rows.push(new RecordRow(number, own, parsed.value as JsonObject));
  } else batch.rejects.push(reject(number, `is ${describe(parsed.value)}, not an object`, text));
}

function parse(text: string, notes: Set<string>): { value: unknown; text: string } {
  try {
    return { value: JSON.parse(text) as unknown, text };
  } catch (error) {
    const mended = withoutNonFinite(text);
    if (mended === undefined) throw new NotJson(error);
    try {
      const value = JSON.parse(mended) as unknown;
      notes.add(NON_FINITE);
      return { value, text: mended };
    } catch {
      throw new NotJson(error);
    }
  }
}

const describe = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value === 'boolean' ? 'truth value' : typeof value}`;
