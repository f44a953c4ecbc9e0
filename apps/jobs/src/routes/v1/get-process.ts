import { Link } from '@almanac/domain';
import { processNamed } from '@almanac/processes';
import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';

const ProcessDescription = Type.Object({
  id: Type.String(),
  version: Type.String(),
  title: Type.String(),
  description: Type.String(),
  inputs: Type.Unknown({ description: 'JSON Schema of the inputs; for plot, one alternative for each type of plot' }),
  outputs: Type.Record(Type.String(), Type.Object({ mediaType: Type.String() }), { description: 'name -> what it is' }),
  links: Type.Array(Link),
});

export const getProcess: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/v1/processes/:id',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'getProcess',
        summary: 'Describe a process: its inputs and outputs as JSON Schema, with every type of plot',
        description: '```\ncurl http://localhost:5000/v1/processes/plot\n```',
        params: Type.Object({ id: Type.String({ description: 'the process', examples: ['plot'] }) }),
        response: { 200: ProcessDescription, default: problemResponse },
      },
    },
    async (request) => {
      const { id, version, title, description, Inputs, Outputs, mediaTypes } = processNamed(request.params.id);
      return {
        id,
        version,
        title,
        description,
        inputs: Inputs,
        outputs: Object.fromEntries(Outputs.map((name) => [name, { mediaType: mediaTypes[name] as string }])),
        links: [
          { rel: 'self', href: `/v1/processes/${id}` },
          { rel: 'execute', href: '/v1/jobs' },
        ],
      };
    },
  );
};
