import type { Row, ValueCounter } from './row.ts';
import { fieldToken } from './tokens.ts';

/** The columns of a delimited source: names, and `{"name":` or `,"name":` as it stands before each value. */
export class Header {
  readonly names: readonly string[];
  readonly #prefixes: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(names: readonly string[]) {
    this.names = names;
    this.#prefixes = names.map((name, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    this.#places = new Map(names.map((name, i) => [name, i]));
  }

  placeOf(name: string): number | undefined {
    return this.#places.get(name);
  }

  record(fields: readonly string[]): string {
    const prefixes = this.#prefixes;
    let text = '';
    for (let i = 0; i < prefixes.length; i++) text += (prefixes[i] as string) + fieldToken(fields[i] as string);
    return `${text}}`;
  }
}

/** A row that came as fields. */
export class FieldsRow implements Row {
  readonly number: number;
  readonly text: string;
  readonly #header: Header;
  readonly #fields: readonly string[];

  constructor(number: number, header: Header, fields: readonly string[]) {
    this.number = number;
    this.text = header.record(fields);
    this.#header = header;
    this.#fields = fields;
  }

  names(): readonly string[] {
    return this.#header.names;
  }

  keyText(column: string): string | undefined {
    const place = this.#header.placeOf(column);
    const field = place === undefined ? '' : (this.#fields[place] as string);
    return field === '' ? undefined : field;
  }

  countIn(counter: ValueCounter): void {
    counter.countFields(this.#header.names, this.#fields, this.number);
  }
}
