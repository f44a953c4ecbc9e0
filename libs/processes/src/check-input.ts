import { hint, matchesSchema, type ProblemError, shown } from '@almanac/domain';
import { columnKinds } from '@almanac/plots';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { describeValue, invalidInput, isObject, pointer } from './invalid-input.ts';

/** The keywords of JSON Schema that the schemas of inputs use for lists, objects and alternatives. */
interface Parts {
  type?: string;
  anyOf?: TSchema[];
  items?: TSchema;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, TSchema>;
  required?: string[];
  minProperties?: number;
  enum?: unknown[];
  examples?: unknown[];
}

/** The detail of a problem about a member that the schema does not have. */
export type UnknownMember = (name: string) => string;

/**
 * Checks a value against a schema of this software. Throws ProblemError with the JSON pointer of the first wrong value, and a sentence that
 * names the value, the rule and what would be right. This is the only translation from schema errors to sentences.
 */
export function checkInput(schema: TSchema, value: unknown, path: string, unknownMember?: UnknownMember): void {
  if (!matchesSchema(schema, value)) throw problemOf(schema, value, path, unknownMember) ?? invalidInput(path, mustBe(schema, value));
}

function problemOf(schema: TSchema, value: unknown, path: string, unknownMember?: UnknownMember): ProblemError | undefined {
  if (matchesSchema(schema, value)) return undefined;
  const branches = branchesOf(schema);
  const branch = branches.find((one) => admits(one, value));
  if (branch === undefined) return invalidInput(path, mustBe(schema, value));
  if (branches.length > 1) return problemOf(branch, value, path);
  if (isObject(value)) return objectProblem(branch, value, path, unknownMember);
  if (Array.isArray(value)) return listProblem(branch, value, path);
  return invalidInput(path, leafDetail(branch, value));
}

function objectProblem(
  schema: Parts,
  value: Record<string, unknown>,
  path: string,
  unknownMember?: UnknownMember,
): ProblemError | undefined {
  const { properties = {}, required = [], minProperties = 0 } = schema;
  const names = Object.keys(properties);
  for (const [name, each] of Object.entries(value)) {
    const at = path + pointer(name);
    const member = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (member === undefined) return invalidInput(at, unknownMember?.(name) ?? `there is no member ${shown(name)}${hint(name, names, 40)}`);
    const problem = problemOf(member, each, at);
    if (problem !== undefined) return problem;
  }
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return invalidInput(path + pointer(missing), `is missing${exampleOf(properties[missing] as Parts)}`);
  return Object.keys(value).length < minProperties ? invalidInput(path, `is empty; one of ${names.join(', ')} is required`) : undefined;
}

function listProblem(
  { items, minItems = 0, maxItems = Infinity }: Parts,
  value: readonly unknown[],
  path: string,
): ProblemError | undefined {
  if (value.length < minItems || value.length > maxItems)
    return invalidInput(path, `must have ${range(minItems, maxItems)} entries, not ${value.length}`);
  for (const [i, each] of value.entries()) {
    const problem = items === undefined ? undefined : problemOf(items, each, path + pointer(i));
    if (problem !== undefined) return problem;
  }
  const repeated = value.findIndex((each, i) => value.indexOf(each) !== i);
  return repeated < 0 ? undefined : invalidInput(path + pointer(repeated), `${describeValue(value[repeated])} is listed twice`);
}

const range = (min: number, max: number): string => (min === max ? `${min}` : min === 0 ? `at most ${max}` : `${min} to ${max}`);

/** The sentence of a number or text beyond its bounds, or of a text that is none of those allowed. */
function leafDetail(schema: TSchema, value: unknown): string {
  const { enum: allowed } = schema as Parts;
  if (allowed !== undefined) return `${describeValue(value)} is not one of the allowed values${hint(String(value), allowed as string[])}`;
  return `${describeValue(value)} ${Value.Errors(schema, value)[0]?.message ?? 'is invalid'}`;
}

/** The alternatives of a schema, those of alternatives included; the schema itself if it has none. */
const branchesOf = (schema: TSchema): TSchema[] => {
  const { anyOf } = schema as Parts;
  return anyOf === undefined ? [schema] : anyOf.flatMap(branchesOf);
};

/** Whether a value has the type of a schema without alternatives, whatever else is wrong with it. */
function admits(schema: TSchema, value: unknown): boolean {
  const { type } = schema as Parts;
  if (type === 'object') return isObject(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number') return Number.isFinite(value);
  return type === undefined ? typeof value !== 'object' : typeof value === type;
}

const mustBe = (schema: TSchema, value: unknown): string =>
  `${describeValue(value)} must be ${nounOf(schema)}${exampleOf(schema as Parts)}`;

const nouns: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'a boolean',
  null: 'null',
};

const disjunction = new Intl.ListFormat('en', { type: 'disjunction' });

function nounOf(schema: TSchema): string {
  const { anyOf, type = 'string' } = schema as Parts;
  if (columnKinds(schema) !== undefined) return `the name of a column${anyOf === undefined ? '' : ' or a list of names'}`;
  if (anyOf === undefined) return nouns[type] as string;
  const all = [...new Set(anyOf.map(nounOf))];
  return disjunction.format(all.filter((noun) => !all.some((other) => other !== noun && other.startsWith(noun))));
}

const exampleOf = ({ examples: [example] = [] }: Parts): string =>
  example === undefined ? '' : `, for example ${JSON.stringify(example)}`;
