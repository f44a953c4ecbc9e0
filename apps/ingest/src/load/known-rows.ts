import { isNumberText, members, textOf } from '@almanac/domain';
import type { Row, ValueCounter } from '@almanac/formats';
import type { DerivedColumn, Profile } from '@almanac/profiles';

/** What a profile changes in the rows of one load: names that this source writes otherwise, and columns that it computes. */
export class KnownRows {
  /** what columns are measured in, where the source does not say */
  readonly units: ReadonlyMap<string, string>;
  readonly #names = new Map<string, string>();
  readonly #derived: readonly DerivedColumn[];
  #last: { given: readonly string[]; known: readonly string[] } = { given: [], known: [] };

  /** `names`: the members that the first rows have. */
  constructor({ columns, derived }: Profile, names: ReadonlySet<string>) {
    for (const { name, otherNames = [] } of columns) {
      const other = names.has(name) ? undefined : otherNames.find((one) => names.has(one));
      if (other !== undefined) this.#names.set(other, name);
    }
    this.units = new Map([...columns, ...derived].flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit]])));
    this.#derived = derived.filter(({ name, from }) => !names.has(name) && from.every((one) => names.has(one)));
  }

  /** What the load report says of it. */
  get notes(): string[] {
    const renamed = [...this.#names].map(([other, name]) => `'${other}' was called '${name}', as other sources of these data do.`);
    return [...renamed, ...this.#derived.map(({ note }) => note)];
  }

  /** The row as the profile has it; the row itself where there is nothing to change. */
  known(row: Row): Row {
    return this.#names.size === 0 && this.#derived.length === 0 ? row : new KnownRow(row, this);
  }

  nameOf(name: string): string {
    return this.#names.get(name) ?? name;
  }

  /** What the source calls a column. */
  otherNameOf(column: string): string {
    return [...this.#names].find(([, name]) => name === column)?.[0] ?? column;
  }

  /** The names of a row's members as the profile has them. Rows that share one list of names share this one too. */
  namesOf(given: readonly string[]): readonly string[] {
    if (given !== this.#last.given) {
      this.#last = { given, known: [...given.map((name) => this.nameOf(name)), ...this.#derived.map(({ name }) => name)] };
    }
    return this.#last.known;
  }

  /** The values of the derived columns, from the tokens of the others. */
  computed(tokens: ReadonlyMap<string, string>): [name: string, value: number | undefined][] {
    return this.#derived.map(({ name, from, value }) => {
      const numbers = from.map((one) => numberOf(tokens.get(one)));
      return [name, numbers.includes(Number.NaN) ? undefined : value(numbers)];
    });
  }
}

class KnownRow implements Row {
  readonly number: number;
  readonly text: string;
  readonly #row: Row;
  readonly #rows: KnownRows;
  readonly #computed: [name: string, value: number | undefined][];

  constructor(row: Row, rows: KnownRows) {
    this.number = row.number;
    this.#row = row;
    this.#rows = rows;
    const tokens = new Map<string, string>();
    for (const { name, from, to } of members(row.text)) tokens.set(rows.nameOf(name), row.text.slice(from, to));
    this.#computed = rows.computed(tokens);
    for (const [name, value] of this.#computed) tokens.set(name, value === undefined ? 'null' : String(value));
    this.text = `{${Array.from(tokens, ([name, token]) => `${JSON.stringify(name)}:${token}`).join(',')}}`;
  }

  names(): readonly string[] {
    return this.#rows.namesOf(this.#row.names());
  }

  keyText(column: string): string | undefined {
    return this.#row.keyText(this.#rows.otherNameOf(column));
  }

  countIn(counter: ValueCounter): void {
    const values = this.#computed.map(([, value]) => (value === undefined ? '' : String(value)));
    this.#row.countIn({
      countFields: (names, fields, row) => counter.countFields(this.#rows.namesOf(names), [...fields, ...values], row),
      countRecord: (record, row) => {
        const renamed = Object.entries(record).map(([name, value]) => [this.#rows.nameOf(name), value]);
        counter.countRecord(Object.fromEntries([...renamed, ...this.#computed.map(([name, value]) => [name, value ?? null])]), row);
      },
    });
  }
}

function numberOf(token: string | undefined): number {
  const text = token === undefined ? '' : textOf(token).trim();
  return isNumberText(text) ? Number(text) : Number.NaN;
}
