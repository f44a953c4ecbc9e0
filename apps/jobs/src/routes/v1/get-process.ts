import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { describeProcess, ProcessDescription } from '../../external/process-description.ts';
import { describe } from '../describe.ts';
import { ProcessParams } from './params.ts';

export const getProcess: FastifyPluginAsyncTypebox<Context> = async (app, { registry }) => {
  app.get(
    '/v1/processes/:id',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'getProcess',
        summary: 'Describe a process: its inputs as JSON Schema, with every plot type, and its outputs',
        description: describe([], 'http://localhost:5000/v1/processes/plot'),
        params: ProcessParams,
        response: { 200: ProcessDescription, default: problemResponse },
      },
    },
    async (request) => describeProcess(await registry.get(request.params.id)),
  );
};
