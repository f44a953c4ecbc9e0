import { type ColumnReport, ProblemError, shown } from '@almanac/domain';
import { type Static, type TSchema, Type } from 'typebox';
import Schema from 'typebox/schema';
import { invalidInput, isObject, pointer } from './invalid-input.ts';
import type { Process } from './process.ts';
import { checkRows, rowsInputs } from './rows-inputs.ts';

/** The form of a process' id and of its queue's name. */
export const PROCESS_ID = '^[a-z][a-z0-9_-]{0,62}$';
export const LEASE_SECONDS = 60;

/** What a program of any language says of the analysis it does. */
export const ProcessRegistration = Type.Object(
  {
    version: Type.String({ minLength: 1, maxLength: 40, description: 'another version computes anew what an earlier one has computed' }),
    title: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    queue: Type.Optional(
      Type.String({ pattern: PROCESS_ID, description: 'its jobs’ ids go to the list hotqueue:<queue>; the process’ id when left out' }),
    ),
    inputs: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'JSON Schema of the inputs beside dataset, version, where and time; any when left out',
      }),
    ),
    outputs: Type.Record(
      Type.String({ pattern: '^[a-z][a-z0-9_-]{0,30}$' }),
      Type.Object({ mediaType: Type.String({ pattern: '^[\\w.+-]+/[\\w.+-]+$' }) }),
      {
        minProperties: 1,
        maxProperties: 20,
        description: 'name -> what it is; the first is made when none is asked for',
        examples: [{ png: { mediaType: 'image/png' } }],
      },
    ),
    leaseSeconds: Type.Optional(
      Type.Integer({
        minimum: 5,
        maximum: 3600,
        default: LEASE_SECONDS,
        description: 'how long its worker may be silent before another gets the job; progress renews it',
      }),
    ),
  },
  { additionalProperties: false },
);
export type ProcessRegistration = Static<typeof ProcessRegistration>;

export interface ExternalProcess extends Process {
  leaseMs: number;
}

export const isExternal = (process: Process): process is ExternalProcess => 'leaseMs' in process;

/** A registered program as a process. Throws where its schema of inputs is none, or one that could keep this service busy. */
export function externalProcess(id: string, registration: ProcessRegistration): ExternalProcess {
  const { version, title, description = title, queue = id, inputs = {}, outputs, leaseSeconds = LEASE_SECONDS } = registration;
  checkSchema(inputs);
  return {
    id,
    version,
    title,
    description,
    queue,
    leaseMs: leaseSeconds * 1000,
    Inputs: Type.Intersect([Type.Object(rowsInputs), Type.Unsafe(inputs)]),
    Outputs: Object.keys(outputs),
    mediaTypes: Object.fromEntries(Object.entries(outputs).map(([name, { mediaType }]) => [name, mediaType])),
    resolve: (given, columns) => ({ inputs: resolve(inputs as TSchema, given, columns), reason: undefined }),
  };
}

function resolve(schema: TSchema, given: Readonly<Record<string, unknown>>, columns: readonly ColumnReport[]): Record<string, unknown> {
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(rowsInputs, name)));
  const [isFine, errors] = Schema.Errors(schema, own);
  if (!isFine) {
    const [first] = errors;
    throw invalidInput(`/inputs${first?.instancePath ?? ''}`, first?.message ?? 'does not fit the schema of the process');
  }
  return { ...checkRows(given, columns), ...own };
}

/** Schemas from others are interpreted, never compiled to code; a pattern of theirs could still take for ever, so there are none. */
function checkSchema(schema: unknown, path: readonly string[] = ['inputs'], depth = 0): void {
  if (depth > 20) throw new ProblemError('invalid-body', `The schema at ${pointer(...path)} is nested too deeply.`);
  if (Array.isArray(schema)) for (const [i, each] of schema.entries()) checkSchema(each, [...path, String(i)], depth + 1);
  if (!isObject(schema)) return;
  for (const [name, value] of Object.entries(schema)) {
    const isKeyword = path.at(-1) !== 'properties';
    if (isKeyword && (name === 'pattern' || name === 'patternProperties' || name === '$ref' || name === '$dynamicRef'))
      throw invalidInput(
        pointer(...path, name),
        `${shown(name)} is not taken in a process' schema; write out what is meant, or use 'enum'`,
      );
    checkSchema(value, [...path, name], depth + 1);
  }
}
