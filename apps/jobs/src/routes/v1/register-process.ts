import { jobLimits } from '@almanac/domain';
import { ProcessRegistration } from '@almanac/processes';
import { problemResponse } from '@almanac/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Context } from '../../context.ts';
import { describeProcess, ProcessDescription } from '../../external/process-description.ts';
import { describe } from '../describe.ts';
import { RegistrationParams } from './params.ts';

const example = '{"version":"1","title":"Density of falls","outputs":{"png":{"mediaType":"image/png"}}}';

export const registerProcess: FastifyPluginAsyncTypebox<Context> = async (app, { registry }) => {
  app.put(
    '/v1/processes/:id',
    {
      bodyLimit: jobLimits.registrationBytes.value,
      schema: {
        tags: ['jobs'],
        operationId: 'registerProcess',
        summary: 'Register an analysis that your own program runs, in any language',
        description: describe(
          [
            'Jobs of the process are submitted like any other.',
            'A worker takes them from the list hotqueue:<queue> or by POST /v1/processes/{id}/take.',
          ],
          `-X PUT --json '${example}' http://localhost:5000/v1/processes/density`,
        ),
        params: RegistrationParams,
        body: ProcessRegistration,
        response: { 200: ProcessDescription, 201: ProcessDescription, default: problemResponse },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const isNew = await registry.register(id, request.body);
      reply.header('location', `/v1/processes/${id}`);
      return reply.code(isNew ? 201 : 200).send(describeProcess(await registry.get(id)));
    },
  );
};
