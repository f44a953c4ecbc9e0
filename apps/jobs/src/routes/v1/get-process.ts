import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { describeProcess, ProcessDescription } from '../../external/process-description.ts';

export const getProcess: FastifyPluginAsyncTypebox<Context> = async (app, { registry }) => {
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
    async (request) => describeProcess(await registry.named(request.params.id)),
  );
};
