import { isNumberText, members, textOf } from '@almanac/domain';
import type { Row, ValueCounter } from '@almanac/formats';
import type { DerivedColumn, Profile } from '@almanac/profiles';

/** What is done with rows that have one list of members. */
interface Plan {
  /** their names as the profile has them, with the computed ones at the end */
  names: readonly string[];
  /** name in the source -> name in the profile, where they differ */
  renamed: ReadonlyMap<string, string>;
  derived: readonly DerivedColumn[];
}

/** What a profile changes in the rows of one load: names that this source writes otherwise, and columns that it computes. */
export class ProfiledRows {
  /** what columns are measured in, where the source does not say */
  readonly units: ReadonlyMap<string, string>;
  /** name in some source -> name in the profile */
  readonly #otherNames: ReadonlyMap<string, string>;
  /** those that came so far */
  readonly #renamed = new Map<string, string>();
  readonly #derived: readonly DerivedColumn[];
  /** computed columns that no row has brought itself so far */
  readonly #computedOnly: Set<string>;
  #last: { given: readonly string[]; plan: Plan } | undefined;

  /** `names`: the members that the first rows have, which tell what can be computed. */
  constructor({ columns, derived }: Profile, names: ReadonlySet<string>) {
    this.#otherNames = new Map(columns.flatMap(({ name, otherNames = [] }) => otherNames.map((other) => [other, name])));
    this.units = new Map([...columns, ...derived].flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit]])));
    this.#derived = derived.filter(({ name, from }) => !names.has(name) && from.every((one) => names.has(one)));
    this.#computedOnly = new Set(this.#derived.map(({ name }) => name));
  }

  /** What the load report says of it. */
  get notes(): string[] {
    const renamed = [...this.#renamed].map(([other, name]) => `'${other}' was called '${name}', as other sources of these data do.`);
    return [...renamed, ...this.#derived.map(({ note }) => note)];
  }

  /** Columns that the source has in no row. */
  get derived(): ReadonlySet<string> {
    return this.#computedOnly;
  }

  /** The row as the profile has it; the row itself where there is nothing to change. */
  profiled(row: Row): Row {
    if (this.#otherNames.size === 0 && this.#derived.length === 0) return row;
    const given = row.names();
    const plan = this.#planFor(given);
    return plan.renamed.size === 0 && plan.derived.length === 0 ? row : new ProfiledRow(row, given, plan);
  }

  /** A row's own members stand above what would be made of others. Rows that share one list of names share one plan. */
  #planFor(given: readonly string[]): Plan {
    if (given !== this.#last?.given) this.#last = { given, plan: this.#plan(given) };
    return this.#last.plan;
  }

  #plan(given: readonly string[]): Plan {
    const own = new Set(given);
    for (const name of this.#computedOnly) if (own.has(name)) this.#computedOnly.delete(name);
    const renamed = new Map([...this.#otherNames].filter(([other, name]) => own.has(other) && !own.has(name)));
    for (const [other, name] of renamed) this.#renamed.set(other, name);
    const derived = this.#derived.filter(({ name }) => !own.has(name));
    return { names: [...given.map((name) => renamed.get(name) ?? name), ...derived.map(({ name }) => name)], renamed, derived };
  }
}

class ProfiledRow implements Row {
  readonly number: number;
  readonly text: string;
  readonly #row: Row;
  readonly #given: readonly string[];
  readonly #plan: Plan;
  readonly #computed: readonly [name: string, value: number | undefined][];

  constructor(row: Row, given: readonly string[], plan: Plan) {
    this.number = row.number;
    this.#row = row;
    this.#given = given;
    this.#plan = plan;
    const tokens = new Map<string, string>();
    for (const { name, from, to } of members(row.text)) tokens.set(plan.renamed.get(name) ?? name, row.text.slice(from, to));
    this.#computed = plan.derived.map((column) => [column.name, computed(column, tokens)]);
    for (const [name, value] of this.#computed) tokens.set(name, value === undefined ? 'null' : String(value));
    this.text = `{${Array.from(tokens, ([name, token]) => `${JSON.stringify(name)}:${token}`).join(',')}}`;
  }

  names(): readonly string[] {
    return this.#plan.names;
  }

  keyText(column: string): string | undefined {
    const place = this.#plan.names.indexOf(column);
    const given = place === -1 ? undefined : this.#given[place];
    return given === undefined ? undefined : this.#row.keyText(given);
  }

  countIn(counter: ValueCounter): void {
    const { names, renamed } = this.#plan;
    const values = this.#computed.map(([, value]) => (value === undefined ? '' : String(value)));
    this.#row.countIn({
      countFields: (_names, fields, row) => counter.countFields(names, [...fields, ...values], row),
      countRecord: (record, row) => {
        const members = Object.entries(record).map(([name, value]) => [renamed.get(name) ?? name, value]);
        counter.countRecord(Object.fromEntries([...members, ...this.#computed.map(([name, value]) => [name, value ?? null])]), row);
      },
    });
  }
}

/** A computed value; undefined where one that it is computed from is no number, or where it is too large for one itself. */
function computed({ from, value }: DerivedColumn, tokens: ReadonlyMap<string, string>): number | undefined {
  const numbers = from.map((one) => numberOf(tokens.get(one)));
  const result = numbers.includes(Number.NaN) ? undefined : value(numbers);
  return Number.isFinite(result) ? result : undefined;
}

function numberOf(token: string | undefined): number {
  const text = token === undefined ? '' : textOf(token).trim();
  return isNumberText(text) ? Number(text) : Number.NaN;
}
