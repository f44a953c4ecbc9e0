import { isObject } from './invalid-input.ts';

type Schema = boolean | Readonly<Record<string, unknown>>;

/**
 * The number of checks of a value against one schema that validating `value` takes, each about ten microseconds. Counting stops at `most`.
 * What takes less than a check (an entry of `enum`, a name of `required`) counts as a fraction.
 */
export function schemaCost(schema: Schema, value: unknown, most: number): number {
  if (typeof schema === 'boolean') return 1;
  let cost = 1 + lengthOf(schema.enum) / 10 + lengthOf(schema.required) / 20 + uniquenessCost(schema, value);
  for (const [each, at] of applied(schema, value)) {
    if (cost > most) return cost;
    cost += schemaCost(each, at, most - cost);
  }
  return cost + propertiesCost(schema, value);
}

/** Every subschema with the value that it is applied to. */
function* applied(schema: Readonly<Record<string, unknown>>, value: unknown): Generator<[Schema, unknown]> {
  for (const name of ['allOf', 'anyOf', 'oneOf']) for (const each of (schema[name] ?? []) as Schema[]) yield [each, value];
  for (const name of ['not', 'if', 'then', 'else']) if (schema[name] !== undefined) yield [schema[name] as Schema, value];
  if (Array.isArray(value)) {
    const first = (schema.prefixItems ?? []) as Schema[];
    for (const [i, each] of value.entries()) {
      const own = first[i] ?? schema.items;
      if (own !== undefined) yield [own as Schema, each];
    }
  } else if (isObject(value)) {
    const properties = (schema.properties ?? {}) as Record<string, Schema>;
    for (const [name, each] of Object.entries(value)) {
      const own = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties;
      if (own !== undefined) yield [own as Schema, each];
    }
  }
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** Entries are compared by a hash over their characters. */
const uniquenessCost = (schema: Readonly<Record<string, unknown>>, value: unknown): number =>
  schema.uniqueItems === true && Array.isArray(value) ? JSON.stringify(value).length / 200 : 0;

/** The names of the properties are looked up in the value and, for `additionalProperties`, the names of the value in them. */
function propertiesCost({ properties = {}, additionalProperties }: Readonly<Record<string, unknown>>, value: unknown): number {
  const names = Object.keys(properties as object).length;
  return isObject(value) ? (names * (additionalProperties === undefined ? 1 : 2 + Object.keys(value).length / 100)) / 10 : 0;
}
