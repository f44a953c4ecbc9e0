import { Link } from '@almanac/domain';
import { isExternal, type Process } from '@almanac/processes';
import { type Static, Type } from 'typebox';

export const ProcessDescription = Type.Object({
  id: Type.String(),
  version: Type.String(),
  title: Type.String(),
  description: Type.String(),
  queue: Type.String({ description: 'queue of its jobs: their ids go to the list hotqueue:<queue>' }),
  inputs: Type.Unknown({ description: 'JSON Schema of the inputs; for plot, one alternative for each plot type' }),
  outputs: Type.Record(Type.String(), Type.Object({ mediaType: Type.String() }), { description: 'media type of each result by its name' }),
  leaseSeconds: Type.Optional(
    Type.Number({ description: 'only for a registered process: seconds without a progress report after which another worker gets a job' }),
  ),
  links: Type.Array(Link),
});

export function describeProcess(process: Process): Static<typeof ProcessDescription> {
  const { id, version, title, description, queue, Inputs, Outputs, mediaTypes } = process;
  return {
    id,
    version,
    title,
    description,
    queue,
    inputs: Inputs,
    outputs: Object.fromEntries(Outputs.map((name) => [name, { mediaType: mediaTypes[name] as string }])),
    ...(isExternal(process) ? { leaseSeconds: process.leaseMs / 1000 } : {}),
    links: [
      { rel: 'self', href: `/v1/processes/${id}` },
      { rel: 'execute', href: '/v1/jobs' },
    ],
  };
}
