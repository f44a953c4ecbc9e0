import type { TObject } from 'typebox';

const known = new WeakMap<TObject, [name: string, value: unknown][]>();

function defaultsOf(schema: TObject): [string, unknown][] {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const defaults = Object.entries(schema.properties as Record<string, { default?: unknown }>).flatMap(
    ([name, { default: value }]): [string, unknown][] => (value === undefined ? [] : [[name, value]]),
  );
  known.set(schema, defaults);
  return defaults;
}

/** The members, with the schema's defaults for those that are missing. Inputs are flat, so there are no nested defaults. */
export function withDefaults(schema: TObject, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const whole: Record<string, unknown> = { ...given };
  for (const [name, value] of defaultsOf(schema)) whole[name] ??= value;
  return whole;
}
