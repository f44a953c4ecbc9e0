import type { Field, Row, ValueCounter } from './row.ts';
import { checkBytes } from './row-limits.ts';
import { fieldToken } from './tokens.ts';

/** The columns of rows that consist of fields, with the text before each value in a record: `{"name":` or `,"name":`. */
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

  record(fields: readonly Field[]): string {
    const prefixes = this.#prefixes;
    let text = '';
    for (let i = 0; i < prefixes.length; i++) {
      const field = fields[i] as Field;
      text += (prefixes[i] as string) + (typeof field === 'string' ? fieldToken(field) : field.json);
    }
    return text === '' ? '{}' : `${text}}`;
  }
}

/** A row of fields, one for each column; most are texts. */
export class FieldsRow implements Row {
  readonly number: number;
  readonly text: string;
  readonly #header: Header;
  readonly #fields: readonly Field[];

  constructor(number: number, header: Header, fields: readonly Field[]) {
    this.number = number;
    this.text = header.record(fields);
    checkBytes(this.text, number);
    this.#header = header;
    this.#fields = fields;
  }

  names(): readonly string[] {
    return this.#header.names;
  }

  keyText(column: string): string | undefined {
    const place = this.#header.placeOf(column);
    const field = place === undefined ? undefined : this.#fields[place];
    return typeof field !== 'string' || field === '' ? undefined : field;
  }

  countIn(counter: ValueCounter): void {
    counter.countFields(this.#header.names, this.#fields, this.number);
  }
}
