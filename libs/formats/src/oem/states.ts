import { isNumberText, parseTime, shown } from '@almanac/domain';
import { FieldsRow, Header } from '../fields-row.ts';
import { type Batch, reject } from '../row.ts';
import type { OemMetadata } from './metadata.ts';

const base = new Header(['EPOCH', 'X', 'Y', 'Z', 'X_DOT', 'Y_DOT', 'Z_DOT']);
const withAccelerations = new Header([...base.names, 'X_DDOT', 'Y_DDOT', 'Z_DDOT']);

/** The members of a state, in the order of a state line. The last three, the accelerations, are all present or all absent. */
export const stateNames = withAccelerations.names;

/** Number of members of a state without accelerations. */
export const BASE_LENGTH = base.names.length;

/** The unit of a member by CCSDS 502.0-B, 5.2.4, if the file gives none. */
const standardUnit = (name: string): string => (name.endsWith('_DDOT') ? 'km/s**2' : name.endsWith('_DOT') ? 'km/s' : 'km');

/** Makes the states of an OEM into rows, numbered as they come: {"EPOCH":"2024-02-21T12:00:00.000","X":4721.510579873910,..}. */
export class States {
  readonly #metadata: OemMetadata;
  readonly #units: Map<string, string>;
  #row = 0;

  /** `units` receives the units of the columns. */
  constructor(metadata: OemMetadata, units: Map<string, string>) {
    this.#metadata = metadata;
    this.#units = units;
  }

  /**
   * Adds the next state, with its members in the order of `stateNames`, to the batch. Numbers keep their digits. An invalid state is
   * rejected with `raw`, its text in the source. `units`: the units that the state gives for its members.
   */
  add(fields: readonly string[], raw: () => string, batch: Batch, units?: ReadonlyMap<string, string>): void {
    const header = fields.length === BASE_LENGTH ? base : withAccelerations;
    const wrong = whatIsWrong(fields, header.names) ?? this.#otherUnit(header.names, units);
    if (wrong !== undefined) {
      this.refuse(wrong, raw(), batch);
      return;
    }
    for (const name of header.names.slice(1)) if (!this.#units.has(name)) this.#units.set(name, units?.get(name) ?? standardUnit(name));
    this.#metadata.state();
    batch.rows.push(new FieldsRow(++this.#row, header, fields));
  }

  /** Rejects the next state. */
  refuse(reason: string, raw: string, batch: Batch): void {
    batch.rejects.push(reject(++this.#row, reason, raw));
  }

  /** The reason to reject a state with another unit: a column has one unit. */
  #otherUnit(names: readonly string[], units: ReadonlyMap<string, string> | undefined): string | undefined {
    const name = names.find((name) => units?.has(name) && this.#units.has(name) && units.get(name) !== this.#units.get(name));
    if (name === undefined) return undefined;
    return `has ${name} in ${shown(units?.get(name))}, but earlier states have it in ${shown(this.#units.get(name))}`;
  }
}

function whatIsWrong(fields: readonly string[], names: readonly string[]): string | undefined {
  if (fields.length !== names.length) {
    const count = `has ${fields.length} field${fields.length === 1 ? '' : 's'}`;
    return `${count}; a state has ${BASE_LENGTH} (${base.names.join(', ')}) or, with accelerations, ${stateNames.length}`;
  }
  const [epoch = ''] = fields;
  if (parseTime(epoch) === undefined) return `has the EPOCH ${shown(epoch)}, which is not a time such as 2024-052T12:00:00.000Z`;
  const wrong = fields.findIndex((field, i) => i > 0 && !isNumberText(field));
  return wrong === -1 ? undefined : `has ${shown(fields[wrong])} as ${names[wrong]}, which is not a number`;
}
