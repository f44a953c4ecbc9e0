import { hint, shown } from '@almanac/domain';
import { describeValue, invalidInput, isObject, type Process, pointer } from '@almanac/processes';
import type { ProcessRegistry } from '../external/process-registry.ts';

/** A job as it was asked for: the process is known, so are the outputs; the inputs are still to be checked against their data set. */
export interface Submission {
  process: Process;
  inputs: unknown;
  outputs: string[];
}

const members = ['process', 'inputs', 'outputs'];

/** Reads the body of a submission. Throws ProblemError with the JSON pointer of what is wrong. */
export async function readSubmission(body: unknown, registry: ProcessRegistry): Promise<Submission> {
  if (!isObject(body)) throw invalidInput('', 'a JSON object is needed: {"process": "plot", "inputs": {"dataset": "<name>"}}');
  const stranger = Object.keys(body).find((name) => !members.includes(name));
  if (stranger !== undefined) throw invalidInput(pointer(stranger), `there is no member ${shown(stranger)}${hint(stranger, members)}`);
  const { process: id = 'plot', inputs, outputs } = body;
  if (typeof id !== 'string') throw invalidInput('/process', `${describeValue(id)} is not the name of a process`);
  const process = await registry.named(id);
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
      throw invalidInput(path, `there is no output ${describeValue(name)}${hint(String(typeof name === 'string' ? name : ''), Outputs)}`);
    }
    if (outputs.indexOf(name) !== i) throw invalidInput(path, `${shown(name)} is listed twice`);
  }
  return outputs as string[];
}
