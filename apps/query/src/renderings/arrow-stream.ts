import type { Column } from '@almanac/domain';
import {
  AsyncByteQueue,
  type Data,
  type DataType,
  type Dictionary,
  Field,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  type TypeMap,
  type Vector,
} from 'apache-arrow';
import type { TimeSlice } from '../time-slice.ts';

/** Dictionaries written in one turn. */
const TOGETHER = 64;

/** Writes record batches of one schema as an Arrow IPC stream. A field's metadata has its column's type, title and unit. */
export class ArrowStream {
  readonly #schema: Schema<TypeMap>;
  readonly #writer = new Writer();
  readonly #out = new Collected();

  constructor(columns: readonly Column[], types: readonly DataType[]) {
    this.#schema = new StreamSchema(columns.map((column, i) => new Field(column.name, types[i] as DataType, true, metadataOf(column))));
    this.#writer.reset(this.#out, this.#schema);
  }

  /** One batch, a column's data each. Dictionaries go before it some at a time, because there may be thousands. */
  async *batch(length: number, children: Data[], timeSlice: TimeSlice): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < children.length; at += TOGETHER) {
      this.#writer.writeDictionaries(children.slice(at, at + TOGETHER));
      yield* this.#out.take();
      if (timeSlice.isSpent()) await timeSlice.yield();
    }
    const type = new Struct<TypeMap>(this.#schema.fields);
    this.#writer.write(new RecordBatch(this.#schema, makeData({ type, length, nullCount: 0, children })));
    yield* this.#out.take();
  }

  end(): Uint8Array[] {
    this.#writer.finish();
    return this.#out.take();
  }
}

class Writer extends RecordBatchStreamWriter {
  /** What `write` finds written already, it does not write again. */
  writeDictionaries(columns: readonly Data[]): void {
    const dictionaries = new Map<number, Vector>();
    for (const { type, dictionary } of columns) if (dictionary !== undefined) dictionaries.set((type as Dictionary).id, dictionary);
    this._writeDictionaries({ dictionaries } as never);
  }
}

/**
 * A record batch merges its schema with itself, field by field and name by name: a quarter of a second for 4,096 columns. The columns of a
 * batch are those of the stream, so there is nothing to merge.
 */
class StreamSchema extends Schema<TypeMap> {
  override assign(): never {
    return this as never;
  }
}

/** Takes what the writer writes, at once, so that no more than one batch waits. */
class Collected extends AsyncByteQueue<Uint8Array> {
  #pieces: Uint8Array[] = [];

  override write(value: Uint8Array): void {
    this.#pieces.push(value);
  }

  take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }
}

const metadataOf = ({ type, title, unit }: Column): Map<string, string> =>
  new Map([
    ['type', type],
    ...(title === undefined ? [] : ([['title', title]] as const)),
    ...(unit === undefined ? [] : ([['unit', unit]] as const)),
  ]);
