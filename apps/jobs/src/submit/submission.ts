import { hint, shown } from '@almanac/domain';
import { checkShape, describeValue, invalidInput, isObject, type Process, pointer, processes, rowsInputs } from '@almanac/processes';
import { Type } from 'typebox';
import type { ProcessRegistry } from '../external/process-registry.ts';

/** The body of a submission, for API documents. */
export const SubmissionBody = Type.Object(
  {
    process: Type.Optional(Type.String({ default: 'plot', description: 'id of the process, see GET /v1/processes', examples: ['plot'] })),
    inputs: Type.Union(
      [...Object.values(processes).map(({ Inputs }) => Inputs), Type.Object(rowsInputs, { title: 'Inputs of a registered process' })],
      { description: 'inputs of the process, as GET /v1/processes/{id} describes them' },
    ),
    outputs: Type.Optional(
      Type.Array(Type.String({ examples: [...new Set(Object.values(processes).flatMap(({ Outputs }) => Outputs))] }), {
        minItems: 1,
        description: 'names of the results to make; by default the first output of the process',
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      { process: 'plot', inputs: { dataset: 'meteorites', type: 'histogram', x: 'mass (g)', logX: true }, outputs: ['png', 'svg'] },
    ],
  },
);

/** A submission whose process and outputs exist. Its inputs are still to be checked against the data set. */
export interface Submission {
  process: Process;
  inputs: unknown;
  outputs: string[];
}

const members = Object.keys(SubmissionBody.properties);

/** Reads the body of a submission. Throws ProblemError with the JSON pointer of the wrong member. */
export async function readSubmission(body: unknown, registry: Pick<ProcessRegistry, 'get'>): Promise<Submission> {
  checkShape(body);
  if (!isObject(body)) throw invalidInput('', 'must be a JSON object such as {"process": "plot", "inputs": {"dataset": "<name>"}}');
  const unknown = Object.keys(body).find((name) => !members.includes(name));
  if (unknown !== undefined) throw invalidInput(pointer(unknown), `there is no member ${shown(unknown)}${hint(unknown, members)}`);
  const { process: id = 'plot', inputs, outputs } = body;
  if (typeof id !== 'string') throw invalidInput('/process', `${describeValue(id)} is not the id of a process`);
  const process = await registry.get(id);
  return { process, inputs, outputs: readOutputs(outputs, process) };
}

function readOutputs(outputs: unknown, { id, Outputs }: Process): string[] {
  if (outputs === undefined) return Outputs.slice(0, 1);
  if (!Array.isArray(outputs) || outputs.length === 0) {
    throw invalidInput('/outputs', `${describeValue(outputs)} is not a list of outputs; '${id}' makes ${Outputs.join(' and ')}`);
  }
  for (const [i, name] of outputs.entries()) {
    const path = pointer('outputs', i);
    if (typeof name !== 'string' || !Outputs.includes(name)) {
      throw invalidInput(path, `there is no output ${describeValue(name)}${hint(typeof name === 'string' ? name : '', Outputs)}`);
    }
    if (outputs.indexOf(name) !== i) throw invalidInput(path, `${shown(name)} is listed twice`);
  }
  return outputs as string[];
}
