import { type Column, parseTime } from '@almanac/domain';
import { Bool, type Data, Float64, Int64, makeData, TimestampMicrosecond, Utf8 } from 'apache-arrow';
import { stringOf } from '../rows/row-scanner.ts';
import type { ArrowColumn, ArrowColumnMaker } from './arrow-batches.ts';
import { int64Of } from './int64.ts';

/**
 * How columns go out with their own types: integers as Int64, numbers as Float64, booleans as Bool, times as Timestamp (microseconds, UTC),
 * texts and JSON as Utf8. An integer column with values beyond 64 bits goes out as text, so that no digit is lost. Missing is null.
 */
export const typedColumn =
  (isInt64: (column: Column) => boolean): ArrowColumnMaker =>
  (column, rows) => {
    switch (column.type) {
      case 'integer':
        return isInt64(column) ? new Integers(rows) : new Texts(rows, (token) => (token.startsWith('"') ? undefined : token));
      case 'number':
        return new Numbers(rows);
      case 'boolean':
        return new Booleans(rows);
      case 'time':
        return new Times(rows);
      default:
        return new Texts(rows, (token) => (token.startsWith('"') && column.type === 'string' ? stringOf(token) : token));
    }
  };

/** Which rows have a value: Arrow's validity bitmap. */
class Validity {
  readonly nullBitmap: Uint8Array;
  nullCount: number;

  constructor(rows: number) {
    this.nullBitmap = new Uint8Array(Math.ceil(rows / 64) * 8);
    this.nullCount = rows;
  }

  set(row: number): void {
    this.nullBitmap[row >> 3] = (this.nullBitmap[row >> 3] as number) | (1 << (row & 7));
    this.nullCount--;
  }
}

const isMissing = (token: string | undefined): token is undefined | 'null' => token === undefined || token === 'null';

class Integers implements ArrowColumn {
  readonly type = new Int64();
  readonly #values: BigInt64Array;
  readonly #valid: Validity;

  constructor(rows: number) {
    this.#values = new BigInt64Array(rows);
    this.#valid = new Validity(rows);
  }

  add(row: number, token: string | undefined): void {
    if (isMissing(token) || token.startsWith('"')) return;
    const value = int64Of(token);
    // By the evidence, all values fit. A wrong value would be worse than a response that is cut off.
    if (value === undefined) throw new Error(`${token.slice(0, 40)} in an integer column does not fit into 64 bits`);
    this.#values[row] = value;
    this.#valid.set(row);
  }

  data(): Data {
    return makeData({ type: this.type, length: this.#values.length, data: this.#values, ...this.#valid });
  }
}

class Numbers implements ArrowColumn {
  readonly type = new Float64();
  readonly #values: Float64Array;
  readonly #valid: Validity;

  constructor(rows: number) {
    this.#values = new Float64Array(rows);
    this.#valid = new Validity(rows);
  }

  add(row: number, token: string | undefined): void {
    const value = isMissing(token) ? Number.NaN : Number(token);
    if (!Number.isFinite(value)) return;
    this.#values[row] = value;
    this.#valid.set(row);
  }

  data(): Data {
    return makeData({ type: this.type, length: this.#values.length, data: this.#values, ...this.#valid });
  }
}

class Booleans implements ArrowColumn {
  readonly type = new Bool();
  readonly #rows: number;
  readonly #values: Validity;
  readonly #valid: Validity;

  constructor(rows: number) {
    this.#rows = rows;
    this.#values = new Validity(rows);
    this.#valid = new Validity(rows);
  }

  add(row: number, token: string | undefined): void {
    if (token !== 'true' && token !== 'false') return;
    if (token === 'true') this.#values.set(row);
    this.#valid.set(row);
  }

  data(): Data {
    return makeData({ type: this.type, length: this.#rows, data: this.#values.nullBitmap, ...this.#valid });
  }
}

class Times implements ArrowColumn {
  readonly type = new TimestampMicrosecond('UTC');
  readonly #values: BigInt64Array;
  readonly #valid: Validity;

  constructor(rows: number) {
    this.#values = new BigInt64Array(rows);
    this.#valid = new Validity(rows);
  }

  add(row: number, token: string | undefined): void {
    const ms = isMissing(token) || !token.startsWith('"') ? undefined : parseTime(stringOf(token));
    if (ms === undefined) return;
    const whole = Math.floor(ms);
    this.#values[row] = BigInt(whole) * 1000n + BigInt(Math.round((ms - whole) * 1000));
    this.#valid.set(row);
  }

  data(): Data {
    return makeData({ type: this.type, length: this.#values.length, data: this.#values, ...this.#valid });
  }
}

class Texts implements ArrowColumn {
  readonly type = new Utf8();
  readonly #textOf: (token: string) => string | undefined;
  readonly #valueOffsets: Int32Array;
  readonly #valid: Validity;
  readonly #texts: string[] = [];
  #bytes = 0;

  constructor(rows: number, textOf: (token: string) => string | undefined) {
    this.#textOf = textOf;
    this.#valueOffsets = new Int32Array(rows + 1);
    this.#valid = new Validity(rows);
  }

  add(row: number, token: string | undefined): void {
    const text = isMissing(token) ? undefined : this.#textOf(token)?.toWellFormed();
    if (text !== undefined) {
      this.#texts.push(text);
      this.#bytes += Buffer.byteLength(text);
      this.#valid.set(row);
    }
    this.#valueOffsets[row + 1] = this.#bytes;
  }

  data(): Data {
    const length = this.#valueOffsets.length - 1;
    const data = Buffer.from(this.#texts.join(''));
    return makeData({ type: this.type, length, valueOffsets: this.#valueOffsets, data, ...this.#valid });
  }
}
