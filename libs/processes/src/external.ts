import { type ColumnReport, jobLimits, limitExceeded, ProblemError } from '@almanac/domain';
import { type Static, type TSchema, Type } from 'typebox';
import Schema from 'typebox/schema';
import { checkInputSchema } from './input-schema.ts';
import { invalidInput } from './invalid-input.ts';
import type { Process } from './process.ts';
import { checkRows, rowsInputs, splitInputs } from './rows-inputs.ts';
import { schemaCost } from './schema-cost.ts';
import { checkShape } from './shape.ts';

/** The pattern of a process' id and of its queue's name. */
export const PROCESS_ID = '^[a-z][a-z0-9_-]{0,62}$';
export const LEASE_SECONDS = 60;

/** The registration of an analysis by a program in any language. */
export const ProcessRegistration = Type.Object(
  {
    version: Type.String({ minLength: 1, maxLength: 40, description: 'a new version does not reuse the results of an earlier one' }),
    title: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    queue: Type.Optional(
      Type.String({
        pattern: PROCESS_ID,
        description: 'queue of its jobs: their ids go to the list hotqueue:<queue>; by default the id of the process',
      }),
    ),
    inputs: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'JSON Schema of the inputs beside dataset, version, where and time; by default any',
      }),
    ),
    outputs: Type.Record(
      Type.String({ pattern: '^[a-z][a-z0-9_-]{0,30}$' }),
      Type.Object({ mediaType: Type.String({ pattern: '^[\\w.+-]+/[\\w.+-]+$', maxLength: 100 }) }),
      {
        minProperties: 1,
        maxProperties: 20,
        description: 'media type of each result by its name; the first is made by default',
        examples: [{ png: { mediaType: 'image/png' } }],
      },
    ),
    leaseSeconds: Type.Optional(
      Type.Integer({
        minimum: 5,
        maximum: 3600,
        default: LEASE_SECONDS,
        description: 'seconds without a progress report after which another worker gets the job',
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [{ version: '1', title: 'Density of falls', outputs: { png: { mediaType: 'image/png' } } }],
  },
);
export type ProcessRegistration = Static<typeof ProcessRegistration>;

export interface ExternalProcess extends Process {
  leaseMs: number;
}

export const isExternal = (process: Process): process is ExternalProcess => 'leaseMs' in process;

/**
 * The process of a registration. Throws if its schema of inputs is invalid or uses an unsupported keyword. With `isStored`, a registration
 * that an earlier version accepted does not throw: its jobs can end, but new ones are refused.
 */
export function externalProcess(id: string, registration: ProcessRegistration, { isStored = false } = {}): ExternalProcess {
  const { version, title, description = title, queue = id, inputs = {}, outputs, leaseSeconds = LEASE_SECONDS } = registration;
  const refusal = refusalOf(inputs);
  if (refusal !== undefined && !isStored) throw refusal;
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
    resolve: (given, columns) => {
      if (refusal !== undefined) throw unusable(id, refusal);
      return { inputs: resolve(inputs as TSchema, given, columns), reason: undefined };
    },
  };
}

function refusalOf(inputs: unknown): ProblemError | undefined {
  try {
    checkShape({ inputs });
    checkInputSchema(inputs);
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}

const unusable = (id: string, { message }: ProblemError) =>
  new ProblemError(
    'conflict',
    `Process '${id}' was registered with a schema that is no longer supported. Its program must register it again. ${message}`,
  );

/** Schemas of registrations are interpreted, never compiled to code. The cost of that is computed first. */
function resolve(schema: TSchema, given: Readonly<Record<string, unknown>>, columns: readonly ColumnReport[]): Record<string, unknown> {
  const { rows, own } = splitInputs(given);
  const most = jobLimits.schemaChecks.value;
  const cost = Math.ceil(schemaCost(schema as Readonly<Record<string, unknown>>, own, most));
  if (cost > most) throw tooCostly(cost);
  const [isFine, errors] = Schema.Errors(schema, own);
  if (!isFine) {
    const [first] = errors;
    throw invalidInput(`/inputs${first?.instancePath ?? ''}`, first?.message ?? 'does not fit the schema of the process');
  }
  return { ...checkRows(rows, columns), ...own };
}

const tooCostly = (cost: number) =>
  limitExceeded('invalid-body', jobLimits.schemaChecks, cost, {
    detail: 'Checking these inputs against the schema of the process takes too long',
    advice: 'Send shorter lists, or register a simpler schema.',
  });
