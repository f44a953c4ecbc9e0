import { isNumberText, members, textOf } from '@almanac/domain';
import type { Row, ValueCounter } from '@almanac/formats';
import type { DerivedColumn, Profile } from '@almanac/profiles';

/** The changes for rows with the same list of members. */
interface Plan {
  /** the members' names in the profile; the computed ones are last */
  names: readonly string[];
  /** name in the source -> name in the profile, if they differ */
  renamed: ReadonlyMap<string, string>;
  derived: readonly DerivedColumn[];
}

/** Applies a profile to the rows of one load: renames columns, and computes the profile's derived columns. */
export class ProfiledRows {
  /** column -> unit, used if the source gives none */
  readonly units: ReadonlyMap<string, string>;
  /** name in some source -> name in the profile */
  readonly #otherNames: ReadonlyMap<string, string>;
  /** those that occurred so far */
  readonly #renamed = new Map<string, string>();
  readonly #derived: readonly DerivedColumn[];
  /** derived columns that no row of the source has */
  readonly #computedOnly: Set<string>;
  #last: { given: readonly string[]; plan: Plan } | undefined;

  /** `names`: the members of the first rows; a column is derived if they have its inputs. */
  constructor({ columns, derived }: Profile, names: ReadonlySet<string>) {
    this.#otherNames = new Map(columns.flatMap(({ name, otherNames = [] }) => otherNames.map((other) => [other, name])));
    this.units = new Map([...columns, ...derived].flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit]])));
    this.#derived = derived.filter(({ name, from }) => !names.has(name) && from.every((one) => names.has(one)));
    this.#computedOnly = new Set(this.#derived.map(({ name }) => name));
  }

  /** Notes for the load report. */
  get notes(): string[] {
    const renamed = [...this.#renamed].map(
      ([other, name]) => `Column '${other}' was renamed to '${name}', the usual name for this kind of data.`,
    );
    return [...renamed, ...this.#derived.map(({ note }) => note)];
  }

  /** Derived columns that the source itself does not have. */
  get derived(): ReadonlySet<string> {
    return this.#computedOnly;
  }

  /** The row with the profile applied; the row itself if nothing changes. */
  profiled(row: Row): Row {
    if (this.#otherNames.size === 0 && this.#derived.length === 0) return row;
    const given = row.names();
    const plan = this.#planFor(given);
    return plan.renamed.size === 0 && plan.derived.length === 0 ? row : new ProfiledRow(row, given, plan);
  }

  /** Members that a row has are kept: nothing is renamed to them or computed for them. Rows that share a list of names share a plan. */
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

/** A computed value; undefined if an input is not a number, or if the result is not finite. */
function computed({ from, value }: DerivedColumn, tokens: ReadonlyMap<string, string>): number | undefined {
  const numbers = from.map((one) => numberOf(tokens.get(one)));
  const result = numbers.includes(Number.NaN) ? undefined : value(numbers);
  return Number.isFinite(result) ? result : undefined;
}

function numberOf(token: string | undefined): number {
  const text = token === undefined ? '' : textOf(token).trim();
  return isNumberText(text) ? Number(text) : Number.NaN;
}
