import type { Column } from '@almanac/domain';
import type { ReadCopy } from '@almanac/store';
import { Turn } from '../turn.ts';
import { eachRow, RowScanner } from './row-scanner.ts';
import { columnBuilder, type TypedColumn } from './typed-column.ts';

interface Entry {
  typed: Promise<TypedColumn>;
  /** 0 while it is being made */
  bytes: number;
}

/**
 * Typed columns of read copies, made in one pass over the rows when they are first asked for, and kept within a budget:
 * what was asked for longest ago goes first. Who holds a column keeps it whatever the cache does.
 */
export class ColumnCache {
  readonly #limit: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async get(copy: ReadCopy, columns: readonly Column[]): Promise<TypedColumn[]> {
    const missing = columns.filter((column) => !this.#entries.has(nameOf(copy, column)));
    if (missing.length > 0) this.#add(copy, missing);
    const wanted = columns.map((column) => {
      const name = nameOf(copy, column);
      const entry = this.#entries.get(name) as Entry;
      this.#entries.delete(name);
      this.#entries.set(name, entry);
      return entry.typed;
    });
    return Promise.all(wanted);
  }

  #add(copy: ReadCopy, columns: readonly Column[]): void {
    const made = makeColumns(copy, columns);
    for (const [i, column] of columns.entries()) {
      const name = nameOf(copy, column);
      const entry: Entry = { typed: made.then((all) => (all[i] as Made).typed), bytes: 0 };
      this.#entries.set(name, entry);
      const forget = () => this.#entries.delete(name);
      made.then((all) => this.#account(name, entry, (all[i] as Made).bytes), forget);
      entry.typed.catch(() => {});
    }
  }

  #account(name: string, entry: Entry, bytes: number): void {
    if (this.#entries.get(name) !== entry) return;
    entry.bytes = bytes;
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#entries) {
      if (this.#bytes <= this.#limit) break;
      if (freed === 0) continue; // still being made
      this.#entries.delete(oldest);
      this.#bytes -= freed;
    }
  }
}

const nameOf = (copy: ReadCopy, column: Column): string => `${copy.id} ${copy.version} ${column.name}`;

type Made = { typed: TypedColumn; bytes: number };

async function makeColumns(copy: ReadCopy, columns: readonly Column[]): Promise<Made[]> {
  const builders = columns.map((column) => columnBuilder(column, copy.rows));
  const scanner = new RowScanner(columns.map(({ name }) => name));
  let row = 0;
  const turn = new Turn();
  for (const { rows } of copy.all()) {
    eachRow(rows.toString(), scanner, () => {
      for (let i = 0; i < builders.length; i++) builders[i]?.add(row, scanner.token(i));
      row++;
    });
    if (turn.isOver()) await turn.pass();
  }
  return builders.map((builder) => builder.done());
}
