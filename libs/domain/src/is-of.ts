import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';

const compiled = new WeakMap<TSchema, Validator>();

/**
 * Whether a value is of a schema. Compiled at its first use, some fifty times as fast as reading the schema each time: for schemas of this
 * software alone, because what others send is never made into code.
 */
export function isOf<T extends TSchema>(schema: T, value: unknown): value is Static<T> {
  let validator = compiled.get(schema);
  if (validator === undefined) {
    validator = Compile(schema) as unknown as Validator;
    compiled.set(schema, validator);
  }
  return validator.Check(value);
}
