import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { describe } from '../describe.ts';
import { RegistrationParams } from './params.ts';

export const removeProcess: FastifyPluginAsyncTypebox<Context> = async (app, { registry }) => {
  app.delete(
    '/v1/processes/:id',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'removeProcess',
        summary: 'Unregister a process: it accepts no more jobs',
        description: describe([], '-X DELETE http://localhost:5000/v1/processes/density'),
        params: RegistrationParams,
        response: { 204: Type.Null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      await registry.remove(request.params.id);
      return reply.code(204).send(null);
    },
  );
};
