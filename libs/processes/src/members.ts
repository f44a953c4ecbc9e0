import { hint, matchesSchema, ProblemError, shown } from '@almanac/domain';
import { columnKinds, type PlotTypeId, plotTypeIds, plotTypes } from '@almanac/plots';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { describeValue, invalidInput, isObject, pointer } from './invalid-input.ts';
import { common } from './plot-inputs.ts';

/** Members that have a check of their own. */
const elsewhere = new Set(['type', 'where', 'time']);

/** The type that was asked for, or undefined where none was. */
export function plotTypeIn(inputs: Readonly<Record<string, unknown>>): PlotTypeId | undefined {
  const { type } = inputs;
  if (type === undefined) return undefined;
  const known = plotTypeIds.find((id) => id === type);
  if (known !== undefined) return known;
  const said =
    typeof type === 'string' ? `${shown(type)}${hint(type, plotTypeIds)}` : `${describeValue(type)} (there are: ${plotTypeIds.join(', ')})`;
  throw new ProblemError('unknown-plot-type', `There is no plot type ${said}.`, {
    errors: [{ path: '/inputs/type', detail: `no plot type ${said}` }],
  });
}

const parameters = new Map<PlotTypeId | undefined, Record<string, TSchema[]>>();

/** Schemas of the parameters that a type has, or all types together. */
function parametersOf(type: PlotTypeId | undefined): Record<string, TSchema[]> {
  const known = parameters.get(type);
  if (known !== undefined) return known;
  const found: Record<string, TSchema[]> = Object.create(null);
  for (const id of type === undefined ? plotTypeIds : [type]) {
    for (const [name, schema] of Object.entries(plotTypes[id].Params.properties)) found[name] = [...(found[name] ?? []), schema];
  }
  parameters.set(type, found);
  return found;
}

/** Every member is known, and of the right form. Which columns there are is another question. */
export function checkMembers(inputs: Readonly<Record<string, unknown>>, type: PlotTypeId | undefined): void {
  const own = parametersOf(type);
  for (const [name, value] of Object.entries(inputs)) {
    if (elsewhere.has(name)) continue;
    const schemas = Object.hasOwn(common, name) ? [common[name as keyof typeof common] as TSchema] : own[name];
    if (schemas === undefined)
      throw unknownMember(name, type, [...new Set(['dataset', ...Object.keys(common), 'type', ...Object.keys(own)])]);
    const complaints = schemas.map((schema) => complaint(schema, value));
    const first = complaints[0];
    if (complaints.every((text) => text !== undefined) && first !== undefined) throw invalidInput(pointer('inputs', name), first);
  }
}

function unknownMember(name: string, type: PlotTypeId | undefined, known: readonly string[]): ProblemError {
  const others = plotTypeIds.filter((id) => Object.hasOwn(plotTypes[id].Params.properties, name));
  const detail =
    type !== undefined && others.length > 0
      ? `a plot of type '${type}' has no ${shown(name)}; ${others.join(', ')} ${others.length === 1 ? 'has' : 'have'}`
      : `there is no member ${shown(name)}${hint(name, known, 40)}`;
  return invalidInput(pointer('inputs', name), detail);
}

/** What is wrong with a value by a schema, in a sentence; undefined where nothing is. */
function complaint(schema: TSchema, value: unknown): string | undefined {
  if (columnKinds(schema) !== undefined) return columnComplaint(schema as { anyOf?: [unknown, { maxItems: number }] }, value);
  if (matchesSchema(schema, value)) return undefined;
  const [error] = Value.Errors(schema, value);
  if (error === undefined) return undefined;
  const { allowedValues } = error.params as { allowedValues?: string[] };
  const near = allowedValues === undefined ? '' : hint(String(value), allowedValues);
  const message = allowedValues === undefined ? error.message : 'is none of those it can be';
  const where = error.instancePath === '' ? describeValue(value) : `${error.instancePath.slice(1)} of the list`;
  return `${where} ${message}${near}`;
}

function columnComplaint({ anyOf }: { anyOf?: [unknown, { maxItems: number }] }, value: unknown): string | undefined {
  if (typeof value === 'string') return undefined;
  if (anyOf === undefined) return `${describeValue(value)} is not the name of a column`;
  const { maxItems } = anyOf[1];
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string'))
    return `${describeValue(value)} is neither the name of a column nor a list of names`;
  if (value.length === 0 || value.length > maxItems) return `a list of 1 to ${maxItems} columns, not ${value.length}`;
  const twice = value.find((name, i) => value.indexOf(name) !== i);
  return twice === undefined ? undefined : `names ${shown(twice)} twice`;
}

/** The inputs of a job are an object and name a data set. Returns the name and the version asked for ('latest' where none is). */
export function datasetIn(inputs: unknown): { id: string; version: string } {
  if (!isObject(inputs)) throw invalidInput('/inputs', `${describeValue(inputs)} is not an object: {"dataset": "<name>", ...}`);
  const { dataset, version = 'latest' } = inputs;
  if (typeof dataset !== 'string') {
    throw invalidInput(
      '/inputs/dataset',
      dataset === undefined ? 'the name of a data set is missing' : `${describeValue(dataset)} is not the name of a data set`,
    );
  }
  if (typeof version !== 'string')
    throw invalidInput('/inputs/version', `${describeValue(version)} is not the name of a version; 'latest' is the present one`);
  return { id: dataset, version };
}
