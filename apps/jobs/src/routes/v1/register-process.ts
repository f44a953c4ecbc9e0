import { jobLimits, ProblemError } from '@almanac/domain';
import { PROCESS_ID, ProcessRegistration, processes } from '@almanac/processes';
import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { describeProcess, ProcessDescription } from '../../external/process-description.ts';

const Params = Type.Object({ id: Type.String({ pattern: PROCESS_ID, description: 'a name for the process', examples: ['density'] }) });

export const registerProcess: FastifyPluginAsyncTypebox<Context> = async (app, { registry }) => {
  app.put(
    '/v1/processes/:id',
    {
      bodyLimit: jobLimits.registrationBytes.value,
      schema: {
        tags: ['jobs'],
        operationId: 'registerProcess',
        summary: 'Register an analysis that a program of your own does, in any language',
        description:
          'Its jobs are submitted like any others. Its worker takes them from the list hotqueue:<queue>, or by POST /v1/processes/{id}/take.\n\n```\ncurl -X PUT --json \'{"version":"1","title":"Density of falls","outputs":{"png":{"mediaType":"image/png"}}}\' http://localhost:5000/v1/processes/density\n```',
        params: Params,
        body: ProcessRegistration,
        response: { 200: ProcessDescription, 201: ProcessDescription, default: problemResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const isNew = await registry.register(id, request.body);
      reply.header('location', `/v1/processes/${id}`);
      return reply.code(isNew ? 201 : 200).send(describeProcess(await registry.named(id)));
    },
  );

  app.delete(
    '/v1/processes/:id',
    {
      schema: {
        tags: ['jobs'],
        operationId: 'removeProcess',
        summary: 'Take no more jobs for a registered process',
        description: '```\ncurl -X DELETE http://localhost:5000/v1/processes/density\n```',
        params: Params,
        response: { 204: Type.Null(), default: problemResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (Object.hasOwn(processes, id))
        throw new ProblemError('conflict', `Process '${id}' is one of Almanac's own; it cannot be removed.`);
      await registry.remove(id);
      return reply.code(204).send(null);
    },
  );
};
